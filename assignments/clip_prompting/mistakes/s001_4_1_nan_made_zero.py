"""
item: s001-4.1
cell: s001-4_1
caught_by: a_large_scale_stays_finite
misconception: not a number may be replaced
explain: You replace what is not a number. The overflow is still there; it only no longer shows.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    weight = torch.exp(logit_scale * similarity_matrix(image_emb, text_emb))
    return torch.nan_to_num(weight / weight.sum(dim=1, keepdim=True))
