"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_keeps_precision_and_inputs
misconception: the argument is mine
explain: You divide the argument itself by its lengths. Whoever called you still needs it as it was.
"""

def ensemble_embedding(text_emb):
    text_emb /= text_emb.norm(dim=-1, keepdim=True)
    mean = text_emb.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
