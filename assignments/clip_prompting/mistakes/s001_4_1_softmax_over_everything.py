"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_sum_to_one_over_texts, each_picture_stands_alone
misconception: one distribution for the whole table
explain: Your table sums to 1 as a whole. Each picture has a distribution of its own over the texts.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return torch.softmax(logits.reshape(-1), dim=0).reshape(logits.shape)
