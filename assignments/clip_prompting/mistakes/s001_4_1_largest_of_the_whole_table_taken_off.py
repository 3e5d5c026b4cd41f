"""
item: s001-4.1
cell: s001-4_1
caught_by: a_large_scale_stays_finite
misconception: any large number will do as a shift
explain: You take the largest logit of the whole table off. A line whose own largest is far below it then
  becomes 0 everywhere, and 0 divided by 0 is not a number. Take off the largest of each line.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    weight = torch.exp(logits - logits.max())
    return weight / weight.sum(dim=1, keepdim=True)
