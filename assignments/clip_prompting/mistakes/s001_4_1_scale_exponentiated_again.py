"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, probabilities_match_the_model
misconception: logit_scale is a logarithm
explain: You apply exp to logit_scale. The model stores a logarithm, but what you are given is the multiplier
  itself; with exp of it all probabilities become 0 or 1.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    scale = torch.as_tensor(float(logit_scale), dtype=image_emb.dtype).exp().clamp(max=1e30)
    return torch.softmax(scale * similarity_matrix(image_emb, text_emb), dim=1)
