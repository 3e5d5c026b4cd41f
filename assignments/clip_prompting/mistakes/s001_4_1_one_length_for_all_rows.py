"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, each_picture_stands_alone
misconception: the norm of the matrix is the length of its rows
explain: You divide all rows by one number, the norm of the whole matrix. Each row has a length of its own.
"""

def similarity_matrix(image_emb, text_emb):
    return image_emb / image_emb.norm() @ (text_emb / text_emb.norm()).T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
