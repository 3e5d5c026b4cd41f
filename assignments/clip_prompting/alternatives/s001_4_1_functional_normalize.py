"""
item: s001-4.1
cell: s001-4_1
why: torch.nn.functional.normalize, einsum, and log-softmax
"""

def similarity_matrix(image_emb, text_emb):
    unit = torch.nn.functional.normalize
    return torch.einsum("id,jd->ij", unit(image_emb, dim=-1), unit(text_emb, dim=-1))


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.nn.functional.log_softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=-1).exp()
