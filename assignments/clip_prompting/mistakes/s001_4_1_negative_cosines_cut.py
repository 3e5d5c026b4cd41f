"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, the_scale_is_a_multiplier
misconception: a similarity cannot be negative
explain: You raise negative cosines to 0. An angle above 90 degrees has a negative cosine, and it tells how
  far apart the two are.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return (images @ texts.T).clamp(min=0)


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
