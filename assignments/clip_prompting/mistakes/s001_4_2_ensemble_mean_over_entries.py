"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, the_ensemble_has_length_one, every_prompt_has_the_same_say
misconception: the mean goes over the last axis
explain: You average over the entries of each prompt, so you get one number per prompt. Asked is one vector,
  averaged over the prompts.
"""

def ensemble_embedding(text_emb):
    mean = (text_emb / text_emb.norm(dim=-1, keepdim=True)).mean(dim=-1)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
