"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, the_scale_is_a_multiplier
misconception: as in attention
explain: You divide by the root of the dimension, as attention does. Here the lengths are divided away
  already, and the scale does the rest.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T / image_emb.shape[1] ** 0.5


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
