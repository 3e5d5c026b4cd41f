"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, the_scale_is_a_multiplier
misconception: the sign does not matter
explain: You take the absolute value. Opposite directions are as unlike as can be: the sign belongs to the
  cosine.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return (images @ texts.T).abs()


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
