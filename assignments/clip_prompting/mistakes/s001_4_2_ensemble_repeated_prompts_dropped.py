"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_of_one_and_of_any_order
misconception: a prompt said twice counts once
explain: You drop prompts that occur twice before you average. Each row is a prompt with a say of its own.
"""

def ensemble_embedding(text_emb):
    directions = torch.unique(text_emb, dim=0)
    mean = (directions / directions.norm(dim=-1, keepdim=True)).mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
