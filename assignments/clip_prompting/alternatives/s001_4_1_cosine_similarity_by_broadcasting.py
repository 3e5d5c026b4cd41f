"""
item: s001-4.1
cell: s001-4_1
why: torch.cosine_similarity over pairs
"""

def similarity_matrix(image_emb, text_emb):
    return torch.cosine_similarity(image_emb[:, None], text_emb[None], dim=-1)


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
