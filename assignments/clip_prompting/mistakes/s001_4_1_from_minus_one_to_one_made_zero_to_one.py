"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, the_scale_is_a_multiplier
misconception: a similarity lies between 0 and 1
explain: You map the cosine to the range from 0 to 1. Its differences are then halved, so that the scale works
  at half strength.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return (1 + images @ texts.T) / 2


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
