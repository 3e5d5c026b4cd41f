"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, lengths_do_not_matter
misconception: an epsilon is always safe
explain: You add 0.01 to the lengths. For short vectors that is no small number: cosines come out too small.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / (image_emb.norm(dim=-1, keepdim=True) + 1e-2)
    texts = text_emb / (text_emb.norm(dim=-1, keepdim=True) + 1e-2)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
