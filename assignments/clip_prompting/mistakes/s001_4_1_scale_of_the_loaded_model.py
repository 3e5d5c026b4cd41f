"""
item: s001-4.1
cell: s001-4_1
caught_by: the_scale_is_a_multiplier, a_large_scale_stays_finite
misconception: there is one scale
explain: You use clip.logit_scale, whatever is handed over. The argument decides.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(clip.logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
