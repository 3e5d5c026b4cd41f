"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, the_ensemble_has_length_one
misconception: the axis stays
explain: You return a table with one line. Asked is one vector, (d,).
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0, keepdim=True)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
