"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, lengths_do_not_matter
misconception: the length is the inner product with itself
explain: You divide by the inner product of a vector with itself, which is the square of its length. Take the
  root.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.pow(2).sum(-1, keepdim=True)
    texts = text_emb / text_emb.pow(2).sum(-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
