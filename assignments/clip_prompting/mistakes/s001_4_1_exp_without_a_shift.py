"""
item: s001-4.1
cell: s001-4_1
caught_by: a_large_scale_stays_finite
misconception: softmax as it stands in the book
explain: exp of a large number is infinite, and infinity divided by infinity is not a number. Take the largest
  logit of each row off first, or use a softmax that does.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    weight = torch.exp(logit_scale * similarity_matrix(image_emb, text_emb))
    return weight / weight.sum(dim=1, keepdim=True)
