# %% einsum_and_sizes
"""weights by einsum; a colour and both numbers"""
def ensemble_embedding(text_emb):
    weights = 1 / text_emb.norm(dim=-1)
    total = torch.einsum("k,kd->d", weights, text_emb)
    return total / torch.linalg.vector_norm(total)

def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{size} {noun}" for size in (*shapes.SIZES, *shapes.COLOURS) for noun in (shape, many)]


# %% functional_and_both_numbers
"""functional normalisation, and prompts for both numbers with counts"""
def ensemble_embedding(text_emb):
    unit = torch.nn.functional.normalize
    return unit(unit(text_emb, dim=-1).mean(0), dim=0)

def shape_prompts(shape):
    return [shape, shapes.plural(shape, 2), f"one {shape}", f"two {shapes.plural(shape, 2)}", f"three {shapes.plural(shape, 2)}"]


# %% great_circle_and_numpy
"""numpy inside; prompts by count"""
import numpy

def ensemble_embedding(text_emb):
    rows = text_emb.detach().numpy()
    mean = numpy.mean([row / numpy.linalg.norm(row) for row in rows], axis=0)
    return torch.tensor(mean / numpy.linalg.norm(mean), dtype=text_emb.dtype)

def shape_prompts(shape):
    return [f"{count} {shapes.plural(shape, k)}" for k, count in enumerate(shapes.COUNTS, 1)]


# %% matrix_product
"""a row of ones times the directions; three prompts written with format"""
def ensemble_embedding(text_emb):
    directions = torch.nn.functional.normalize(text_emb, p=2, dim=1)
    total = torch.ones(1, len(text_emb), dtype=text_emb.dtype) @ directions
    return torch.nn.functional.normalize(total).squeeze(0)

def shape_prompts(shape):
    templates = ("{0}", "{1}", "red {0}", "blue {1}", "small {1}", "large {1}", "green {1}", "yellow {0}")
    return [template.format(shape, shapes.plural(shape, 2)) for template in templates]


# %% running_mean
"""a running mean in float64, brought back to the dtype; prompts that do without the word now and then"""
def ensemble_embedding(text_emb):
    mean = torch.zeros(text_emb.shape[1], dtype=torch.float64)
    for k, row in enumerate(text_emb.double(), 1):
        mean = mean + (row / row.norm() - mean) / k
    return (mean / mean.norm()).to(text_emb.dtype)

def shape_prompts(shape):
    many = shapes.plural(shape, 2)
    return [f"{size} {colour} {noun}" for size in shapes.SIZES for colour in shapes.COLOURS for noun in (shape, many)]


# %% sum_in_a_loop
"""a sum has the direction of the mean; synonyms as prompts"""
def ensemble_embedding(text_emb):
    total = torch.zeros_like(text_emb[0])
    for row in text_emb:
        total = total + row / torch.sqrt((row * row).sum())
    return total / total.norm()

def shape_prompts(shape):
    both = shape, shapes.plural(shape, 2)
    return tuple(word for noun in both for word in (noun, *shapes.SYNONYMS[noun]))
