"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_is_the_mean_direction
misconception: normalising is standardising
explain: You take off the mean and divide by the spread, as a layer norm does. Length 1 means: divide by the
  length.
"""

def ensemble_embedding(text_emb):
    directions = torch.nn.functional.layer_norm(text_emb, text_emb.shape[-1:])
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
