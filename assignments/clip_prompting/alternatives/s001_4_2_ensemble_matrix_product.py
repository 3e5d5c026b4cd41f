"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
why: a row of ones times the directions; three prompts written with format
"""

def ensemble_embedding(text_emb):
    directions = torch.nn.functional.normalize(text_emb, p=2, dim=1)
    total = torch.ones(1, len(text_emb), dtype=text_emb.dtype) @ directions
    return torch.nn.functional.normalize(total).squeeze(0)


def shape_prompts(shape):
    templates = ("{0}", "{1}", "red {0}", "blue {1}", "small {1}", "large {1}", "green {1}", "yellow {0}")
    return [template.format(shape, shapes.plural(shape, 2)) for template in templates]
