"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, every_prompt_has_the_same_say, the_ensemble_has_length_one
misconception: an ensemble is a mean
explain: You take the plain mean. Neither the members nor the result have length 1.
"""

def ensemble_embedding(text_emb):
    return text_emb.mean(dim=0)


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
