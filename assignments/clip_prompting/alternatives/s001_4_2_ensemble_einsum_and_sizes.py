"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
why: weights by einsum; a colour and both numbers
"""

def ensemble_embedding(text_emb):
    weights = 1 / text_emb.norm(dim=-1)
    total = torch.einsum("k,kd->d", weights, text_emb)
    return total / torch.linalg.vector_norm(total)


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{size} {noun}" for size in (*shapes.SIZES, *shapes.COLOURS) for noun in (shape, many)]
