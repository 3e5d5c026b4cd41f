"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, every_prompt_has_the_same_say
misconception: the norm of the matrix is the length of its rows
explain: You divide all prompts by one number. Each embedding has a length of its own.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm()
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
