"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
why: a running mean in float64, brought back to the dtype; prompts that do without the word now and then
"""

def ensemble_embedding(text_emb):
    mean = torch.zeros(text_emb.shape[1], dtype=torch.float64)
    for k, row in enumerate(text_emb.double(), 1):
        mean = mean + (row / row.norm() - mean) / k
    return (mean / mean.norm()).to(text_emb.dtype)


def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{size} {colour} {noun}" for size in shapes.SIZES for colour in shapes.COLOURS for noun in (shape, many)]
