"""
item: s001-4.2-ensemble
cell: s001-4_2-ensemble
why: a sum has the direction of the mean; synonyms as prompts
"""

def ensemble_embedding(text_emb):
    total = torch.zeros_like(text_emb[0])
    for row in text_emb:
        total = total + row / torch.sqrt((row * row).sum())
    return total / total.norm()


def shape_prompts(shape):
    both = shape, shapes.plural(shape, 2)
    return tuple(word for noun in both for word in (noun, *shapes.SYNONYMS[noun]))
