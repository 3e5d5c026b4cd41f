"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, each_picture_stands_alone, lengths_do_not_matter
misconception: normalise along the first axis
explain: You divide by norms taken over the rows, so that pictures change each other. The length of an
  embedding runs along its own entries, the last axis.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=0, keepdim=True)
    texts = text_emb / text_emb.norm(dim=0, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
