"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
why: numpy inside; prompts by count
"""

import numpy


def ensemble_embedding(text_emb):
    rows = text_emb.detach().numpy()
    mean = numpy.mean([row / numpy.linalg.norm(row) for row in rows], axis=0)
    return torch.tensor(mean / numpy.linalg.norm(mean), dtype=text_emb.dtype)


def shape_prompts(shape):
    return [f"{count} {shapes.plural(shape, k)}" for k, count in enumerate(shapes.COUNTS, 1)]
