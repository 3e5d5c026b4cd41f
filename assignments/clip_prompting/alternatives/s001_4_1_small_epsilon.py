"""
item: s001-4.1
cell: s001-4_1
why: an epsilon of 1e-8 beside each length
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / (image_emb.norm(dim=-1, keepdim=True) + 1e-8)
    texts = text_emb / (text_emb.norm(dim=-1, keepdim=True) + 1e-8)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
