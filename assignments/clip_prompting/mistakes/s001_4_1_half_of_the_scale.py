"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, probabilities_match_the_model
misconception: each side gets the scale
explain: You multiply by logit_scale twice, once on each side. It belongs in front of the cosine, once.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    images, texts = logit_scale * image_emb, logit_scale * text_emb
    lengths = image_emb.norm(dim=-1)[:, None] * text_emb.norm(dim=-1)[None]
    return torch.softmax(images @ texts.T / lengths, dim=1)
