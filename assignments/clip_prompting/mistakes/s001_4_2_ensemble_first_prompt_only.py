"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, every_prompt_has_the_same_say
misconception: the first prompt stands for all
explain: You use the first prompt and leave the others without a say.
"""

def ensemble_embedding(text_emb):
    return text_emb[0] / text_emb[0].norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
