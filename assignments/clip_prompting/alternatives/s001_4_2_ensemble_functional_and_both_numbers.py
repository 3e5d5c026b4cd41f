"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
why: functional normalisation, and prompts for both numbers with counts
"""

def ensemble_embedding(text_emb):
    unit = torch.nn.functional.normalize
    return unit(unit(text_emb, dim=-1).mean(0), dim=0)


def shape_prompts(shape):
    return [shape, shapes.plural(shape, 2), f"one {shape}", f"two {shapes.plural(shape, 2)}", f"three {shapes.plural(shape, 2)}"]
