"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_keep_precision_and_inputs
misconception: the arguments are mine
explain: You divide the arguments themselves by their lengths. Whoever called you still needs them as they
  were.
"""

def similarity_matrix(image_emb, text_emb):
    image_emb /= image_emb.norm(dim=-1, keepdim=True)
    text_emb /= text_emb.norm(dim=-1, keepdim=True)
    return image_emb @ text_emb.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
