"""
item: s001-4.1
cell: s001-4_1
caught_by: lengths_do_not_matter
misconception: a lower bound on lengths is always safe
explain: You never divide by less than 0.1. Shorter vectors then keep a part of their length, and their cosines come out
  too small. A bound against division by 0 has to be tiny.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True).clamp(min=0.1)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True).clamp(min=0.1)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
