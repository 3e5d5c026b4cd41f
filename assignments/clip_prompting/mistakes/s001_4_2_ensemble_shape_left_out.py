"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word, prompts_name_one_shape_only
misconception: the prompts are the same for all shapes
explain: Your prompts do not use the argument: the four classes are one and the same, and the first always
  wins. Right in one of four cases is what guessing gives.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    return [f"{count} shapes" for count in shapes.COUNTS]
