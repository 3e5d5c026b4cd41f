"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_keep_precision_and_inputs
misconception: more digits never hurt
explain: float32 comes out as float64. Compute as you like, but give back the dtype that came in.
"""

def similarity_matrix(image_emb, text_emb):
    a, b = image_emb.double(), text_emb.double()
    return (a / a.norm(dim=1, keepdim=True)) @ (b / b.norm(dim=1, keepdim=True)).T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
