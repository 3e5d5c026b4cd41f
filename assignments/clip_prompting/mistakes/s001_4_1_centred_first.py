"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, the_scale_is_a_multiplier
misconception: a cosine is a correlation
explain: You take the mean off each embedding before you compare. That is a correlation; the cosine takes the
  vectors as they are.
"""

def similarity_matrix(image_emb, text_emb):
    a = image_emb - image_emb.mean(dim=-1, keepdim=True)
    b = text_emb - text_emb.mean(dim=-1, keepdim=True)
    return (a / a.norm(dim=-1, keepdim=True)) @ (b / b.norm(dim=-1, keepdim=True)).T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
