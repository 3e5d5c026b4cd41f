"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, lengths_do_not_matter, probabilities_match_the_model
misconception: the text side has length 1 already
explain: You bring the pictures to length 1, but not the texts. The text with the longest embedding then wins
  too often.
"""

def similarity_matrix(image_emb, text_emb):
    return image_emb / image_emb.norm(dim=-1, keepdim=True) @ text_emb.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
