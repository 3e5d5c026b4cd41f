"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
caught_by: the_ensemble_keeps_precision_and_inputs
misconception: embeddings are float32
explain: You convert to float32. What comes in as float64 should go out as float64.
"""

def ensemble_embedding(text_emb):
    directions = torch.nn.functional.normalize(text_emb.float(), dim=-1)
    return torch.nn.functional.normalize(directions.mean(dim=0), dim=0)


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
