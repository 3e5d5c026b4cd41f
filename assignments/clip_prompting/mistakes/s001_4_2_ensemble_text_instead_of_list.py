"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word, prompts_name_one_shape_only
misconception: one text is a list
explain: shape_prompts returns one text. A text is no list of prompts: it would be read letter by letter.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    return f"{shape}, {shapes.plural(shape, 2)}"
