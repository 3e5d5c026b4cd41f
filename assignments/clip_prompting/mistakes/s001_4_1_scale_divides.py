"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, probabilities_match_the_model
misconception: the scale is a temperature
explain: You divide by logit_scale, as by a temperature. The scale is one over the temperature: multiply by
  it.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(similarity_matrix(image_emb, text_emb) / max(float(logit_scale), 1e-12), dim=1)
