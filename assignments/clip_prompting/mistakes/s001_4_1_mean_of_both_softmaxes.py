"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_sum_to_one_over_texts, probabilities_match_the_model
misconception: both directions, as in the loss
explain: You average the softmax over the texts with that over the pictures, as the training loss does with
  its two halves. Asked is the one over the texts.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return (logits.softmax(dim=1) + logits.softmax(dim=0)) / 2
