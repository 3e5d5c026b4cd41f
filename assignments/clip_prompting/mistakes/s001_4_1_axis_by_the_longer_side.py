"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_sum_to_one_over_texts
misconception: the longer side are the texts
explain: You choose the axis of the softmax by its length. There may be more pictures than texts.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return torch.softmax(logits, dim=1 if logits.shape[1] >= logits.shape[0] else 0)
