"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, probabilities_sum_to_one_over_texts
misconception: a table with one line is a vector
explain: You squeeze the table, so that a single picture or a single text loses its axis. One picture is a
  table with one line.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return (images @ texts.T).squeeze()


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=-1)
