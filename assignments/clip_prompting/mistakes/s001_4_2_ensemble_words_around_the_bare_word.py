"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word
misconception: a photo of makes it better
explain: You only put words around the singular. This model did not grow up with such openings, and pictures
  with two or three shapes are never meant.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    return [f"a photo of a {shape}", f"a picture of the {shape}", f"a drawing of a {shape}"]
