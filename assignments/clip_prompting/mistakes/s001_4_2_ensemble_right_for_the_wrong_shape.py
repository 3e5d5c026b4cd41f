"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word, prompts_name_one_shape_only
misconception: the order of the shapes is free
explain: The prompts for one shape name the next one.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    other = shapes.SHAPES[(shapes.SHAPES.index(shape) + 1) % 4]
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (other, shapes.plural(other, 2))]
