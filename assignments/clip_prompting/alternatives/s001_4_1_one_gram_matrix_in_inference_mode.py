"""
item: s001-4.1
cell: s001-4_1
why: one matrix of inner products holds the squared lengths on its diagonal; a bound of 1e-12 below them
"""

@torch.inference_mode()
def similarity_matrix(image_emb, text_emb):
    both = torch.cat([image_emb, text_emb])
    products = both @ both.T
    weight = products.diagonal().clamp(min=1e-12).rsqrt()
    return (weight[:, None] * products * weight)[: len(image_emb), len(image_emb) :]


@torch.inference_mode()
def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return torch.stack([row.softmax(0) for row in logits])
