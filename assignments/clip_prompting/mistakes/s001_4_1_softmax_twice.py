"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, probabilities_match_the_model
misconception: one softmax more does not hurt
explain: You apply the softmax twice. The second one flattens what the first gave.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1), dim=1)
