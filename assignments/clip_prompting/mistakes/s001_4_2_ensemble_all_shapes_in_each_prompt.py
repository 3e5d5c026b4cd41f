"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_name_one_shape_only, prompts_beat_the_bare_word
misconception: name the alternatives too
explain: Your prompts for one shape name the others as well. CLIP does not understand "not": a word that is
  there pulls towards what it names.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    others = [other for other in shapes.SHAPES if other != shape]
    return [f"a {shape} not a {other}" for other in others]
