"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction, every_prompt_has_the_same_say
misconception: one normalisation at the end is enough
explain: You average the embeddings as they come and normalise once. Long embeddings then outvote short ones:
  bring each to length 1 before the mean.
"""

def ensemble_embedding(text_emb):
    mean = text_emb.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
