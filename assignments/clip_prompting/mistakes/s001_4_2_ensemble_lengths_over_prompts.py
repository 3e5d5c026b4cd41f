"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, every_prompt_has_the_same_say
misconception: normalise along the first axis
explain: You divide by norms taken over the prompts. The length of an embedding runs along its own entries.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=0, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
