"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, probabilities_match_the_model
misconception: the scale is added
explain: You add logit_scale to the cosines. A softmax does not notice a number that is added to all; it must
  be multiplied.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale + similarity_matrix(image_emb, text_emb), dim=1)
