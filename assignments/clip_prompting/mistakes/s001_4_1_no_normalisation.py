"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, lengths_do_not_matter, probabilities_match_the_model
misconception: an inner product is a similarity
explain: You take inner products of the embeddings as they come. Then a long vector fits everything: divide
  the length away on both sides.
"""

def similarity_matrix(image_emb, text_emb):
    return image_emb @ text_emb.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
