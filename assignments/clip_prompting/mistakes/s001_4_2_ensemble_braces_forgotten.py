"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: prompts_beat_the_bare_word, prompts_name_one_shape_only
misconception: braces work in any text
explain: The f before the quotes is missing, so your prompts hold the word shape and not what it stands for.
"""

def ensemble_embedding(text_emb):
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()


def shape_prompts(shape):
    return ["a {shape}", "two {shape}s", "three {shape}s"]
