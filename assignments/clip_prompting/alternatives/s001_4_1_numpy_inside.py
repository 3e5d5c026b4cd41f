"""
item: s001-4.1
cell: s001-4_1
why: computed in numpy, handed back as tensors of the same dtype
"""

import numpy


def similarity_matrix(image_emb, text_emb):
    a, b = image_emb.detach().cpu().numpy(), text_emb.detach().cpu().numpy()
    cosines = a @ b.T / numpy.outer(numpy.linalg.norm(a, axis=1), numpy.linalg.norm(b, axis=1))
    return torch.from_numpy(cosines).to(image_emb)


def clip_probs(image_emb, text_emb, logit_scale):
    logits = float(logit_scale) * similarity_matrix(image_emb, text_emb).numpy()
    weights = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return torch.from_numpy(weights / weights.sum(axis=1, keepdims=True)).to(image_emb)
