"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction
misconception: the strongest opinion wins
explain: You take the largest value of each entry over the prompts. An ensemble averages, so that accidents
  cancel instead of adding up.
"""

def ensemble_embedding(text_emb):
    best = (text_emb / text_emb.norm(dim=-1, keepdim=True)).amax(dim=0)
    return best / best.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
