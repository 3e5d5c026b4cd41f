"""
item: s001-4.1
cell: s001-4_1
why: computed in float64, handed back in the dtype of the inputs
"""

def similarity_matrix(image_emb, text_emb):
    a, b = image_emb.double(), text_emb.double()
    return ((a / a.norm(dim=1, keepdim=True)) @ (b / b.norm(dim=1, keepdim=True)).T).to(image_emb.dtype)


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
