"""
item: s001-4.1
cell: s001-4_1
why: inner products first, then the lengths; an epsilon far below them
"""

def similarity_matrix(image_emb, text_emb):
    lengths = torch.outer(image_emb.norm(dim=1), text_emb.norm(dim=1))
    return image_emb @ text_emb.T / (lengths + 1e-12)


def clip_probs(image_emb, text_emb, logit_scale):
    return (float(logit_scale) * similarity_matrix(image_emb, text_emb)).softmax(-1)
