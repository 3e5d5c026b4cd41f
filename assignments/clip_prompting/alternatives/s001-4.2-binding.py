# %% entry_by_entry
"""four comparisons written out, shares as tensors"""
def winoground_scores(similarity):
    a, b, c, d = similarity.flatten(1).unbind(1)
    text, image = (a > b) & (d > c), (a > c) & (d > b)
    return {"text": text.float().mean(), "image": image.float().mean(), "group": (text * image).float().mean()}


# %% largest_of_each_row
"""numpy, and one large table of which the quadruples are taken"""
def winoground_scores(similarity):
    import numpy

    s = similarity.double().numpy()
    own = numpy.einsum("kii->ki", s)
    text = (own > numpy.stack([s[:, 0, 1], s[:, 1, 0]], 1)).all(1)
    image = (own > numpy.stack([s[:, 1, 0], s[:, 0, 1]], 1)).all(1)
    return {"group": numpy.mean(text & image), "image": image.mean(), "text": text.mean()}


every = similarity_matrix(pair_emb, pair_text_emb)
binding = {
    name: {score: round(float(share), 2) for score, share in winoground_scores(
        torch.stack([every[[i, j]][:, [i, j]] for i, j in places])).items()}
    for name, places in pairs.contrasts().items()
}


# %% loop_with_counts whole=true
"""counts in a loop over plain numbers, an ordered dict with a key that nobody asked for"""
from collections import OrderedDict


def winoground_scores(similarity):
    right = OrderedDict(text=0, image=0, group=0)
    for (a, b), (c, d) in similarity.tolist():
        text, image = a > b and d > c, a > c and d > b
        right["text"] += text
        right["image"] += image
        right["group"] += text and image
    return OrderedDict(number=len(similarity), **{name: count / len(similarity) for name, count in right.items()})


binding = {}
for name in pairs.CONTRASTS:
    places = torch.tensor(pairs.contrasts()[name])
    images = torch.nn.functional.normalize(pair_emb[places], dim=-1)
    texts = torch.nn.functional.normalize(pair_text_emb[places], dim=-1)
    binding[name] = winoground_scores(images @ texts.transpose(1, 2))

# %% smaller_own_above_larger_other
"""the group score by one comparison, and the others as probabilities above one half"""
def winoground_scores(similarity):
    own, rest = similarity[:, [0, 1], [0, 1]], similarity[:, [0, 1], [1, 0]]
    right = {
        "text": (torch.sigmoid(own - rest) > 0.5).all(1),
        "image": (torch.sigmoid(own - rest[:, [1, 0]]) > 0.5).all(1),
        "group": own.min(1).values > rest.max(1).values,
    }
    return {name: each.sum() / len(similarity) for name, each in right.items()}
