"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_has_length_one, the_ensemble_is_the_mean_direction
misconception: the mean of unit vectors is a unit vector
explain: The mean of vectors of length 1 is shorter than 1, unless they are all the same. Bring it to length 1
  again.
"""

def ensemble_embedding(text_emb):
    return (text_emb / text_emb.norm(dim=-1, keepdim=True)).mean(dim=0)


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
