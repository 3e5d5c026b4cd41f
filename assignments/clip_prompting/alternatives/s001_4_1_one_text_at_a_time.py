"""
item: s001-4.1
cell: s001-4_1
why: a loop over texts with functional cosine_similarity; log-sum-exp by hand
"""

def similarity_matrix(image_emb, text_emb):
    return torch.stack([torch.nn.functional.cosine_similarity(image_emb, text, dim=-1) for text in text_emb], dim=1)


def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return (logits - logits.logsumexp(dim=-1, keepdim=True)).exp()
