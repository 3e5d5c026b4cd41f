"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, the_ensemble_has_length_one
misconception: any norm will do
explain: You divide by sums of absolute values. Lengths are Euclidean here.
"""

def ensemble_embedding(text_emb):
    mean = (text_emb / text_emb.abs().sum(-1, keepdim=True)).mean(dim=0)
    return mean / mean.abs().sum()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
