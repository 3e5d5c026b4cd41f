"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_sum_to_one_over_texts, probabilities_match_the_model
misconception: each pair is a yes-or-no question
explain: You apply a sigmoid to each pair. That is another model (SigLIP); the texts compete here, so their
  probabilities sum to 1.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.sigmoid(logit_scale * similarity_matrix(image_emb, text_emb))
