"""
item: s001-4.1
cell: s001-4_1
caught_by: a_large_scale_stays_finite
misconception: clipping cures an overflow
explain: You clip the logits so that exp stays finite. All that lie beyond the bound become equal, and the
  probabilities are wrong.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    logits = (logit_scale * similarity_matrix(image_emb, text_emb)).clamp(-50, 50)
    return logits.exp() / logits.exp().sum(dim=1, keepdim=True)
