"""
item: s001-4.1
cell: s001-4_1
caught_by: a_large_scale_stays_finite
misconception: no scale is above 100
explain: You clip the scale at 100, as the training of CLIP does. Here the scale is an argument: use the one
  that is given.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(min(float(logit_scale), 100.0) * similarity_matrix(image_emb, text_emb), dim=1)
