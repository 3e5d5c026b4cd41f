"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, lengths_do_not_matter, probabilities_match_the_model
misconception: the length of the picture cancels in the softmax
explain: You bring the texts to length 1, but not the pictures. The winner stays the same, so it looks right,
  but a long picture embedding acts like a larger scale.
"""

def similarity_matrix(image_emb, text_emb):
    return image_emb @ (text_emb / text_emb.norm(dim=-1, keepdim=True)).T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
