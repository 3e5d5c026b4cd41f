"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_has_length_one
misconception: a sum will do
explain: You return the sum of the directions. It points the right way, but it is longer than 1.
"""

def ensemble_embedding(text_emb):
    return (text_emb / text_emb.norm(dim=-1, keepdim=True)).sum(dim=0)


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
