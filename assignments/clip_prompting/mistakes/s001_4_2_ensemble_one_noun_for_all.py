"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word, prompts_name_one_shape_only
misconception: shape is a word
explain: You wrote the word itself into the prompts, so that every shape asks for rings.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in ("ring", "rings")]
