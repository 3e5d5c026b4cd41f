"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, probabilities_match_the_model, a_large_scale_stays_finite
misconception: divide by the sum, without exp
explain: You divide shifted similarities by their sum. Without the exponential the scale plays no part, and
  small differences stay small.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    weight = logit_scale * (similarity_matrix(image_emb, text_emb) + 1.0001)
    return weight / weight.sum(dim=1, keepdim=True).clamp_min(1e-12)
