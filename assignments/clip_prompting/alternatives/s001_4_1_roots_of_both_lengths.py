"""
item: s001-4.1
cell: s001-4_1
why: normalises by rsqrt with a clamp far below the lengths; vmap over pictures
"""

def _unit(x):
    return x * x.square().sum(-1, keepdim=True).clamp_min(1e-24).rsqrt()


def similarity_matrix(image_emb, text_emb):
    return torch.vmap(lambda a: torch.mv(_unit(text_emb), a))(_unit(image_emb))


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.vmap(lambda row: row.softmax(0))(logit_scale * similarity_matrix(image_emb, text_emb))
