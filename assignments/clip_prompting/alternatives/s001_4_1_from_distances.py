"""
item: s001-4.1
cell: s001-4_1
why: from distances between directions: |a - b|^2 = 2 - 2 cos
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.pow(2).sum(1, keepdim=True).sqrt()
    texts = text_emb / text_emb.pow(2).sum(1, keepdim=True).sqrt()
    return 1 - (images[:, None] - texts).pow(2).sum(-1) / 2


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(similarity_matrix(image_emb, text_emb) * logit_scale, -1)
