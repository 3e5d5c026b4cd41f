"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, probabilities_match_the_model
misconception: any norm will do
explain: You divide by the sum of the absolute values. A cosine needs the Euclidean length, the root of the
  sum of squares.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.abs().sum(-1, keepdim=True)
    texts = text_emb / text_emb.abs().sum(-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
