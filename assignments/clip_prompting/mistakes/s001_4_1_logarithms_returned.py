"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_sum_to_one_over_texts, probabilities_match_the_model
misconception: log-softmax is softmax
explain: You return logarithms of probabilities. They are negative; apply exp.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.log_softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
