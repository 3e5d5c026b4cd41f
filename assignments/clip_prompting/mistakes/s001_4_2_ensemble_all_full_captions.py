"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word
misconception: the more prompts the better
explain: You average over all full captions of a shape. They say count, size and colour as well, and what
  remains of that is not about the shape: fewer and plainer prompts do better.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    return [scene.caption for scene in shapes.SCENES if scene.shape == shape]
