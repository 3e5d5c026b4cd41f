"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier
misconception: the scale is a whole number
explain: You round the scale to a whole number. It is 37.33 for the model of this notebook, and 0.6 would
  become 0.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(int(logit_scale) * similarity_matrix(image_emb, text_emb), dim=1)
