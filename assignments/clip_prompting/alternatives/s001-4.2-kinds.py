# %% by_captions
"""kinds compared by their plain captions; numpy inside"""
def content_flip_rate(caption, variants):
    import numpy

    picked = clip_probs(clip.embed_texts([caption, *variants]), gallery_emb, 1.0).argmax(dim=1).numpy()
    kinds = numpy.array(world.captions)[picked]
    return numpy.mean(kinds[1:] != kinds[0])


# %% less_those_within_the_kind whole=true
"""all flips less those to a picture of the same kind; numbers rounded to two digits"""
def content_flip_rate(caption, variants):
    first, *others = [try_caption(text, 0)["picked"] for text in (caption, *variants)]
    within = sum(k != first and world.scenes[k] == world.scenes[first] for k in others)
    return round(flip_rate(caption, variants) - within / len(others), 2)


content_flips = {}
for _change in shapes.KINDS_OF_CHANGE:
    _rates = [content_flip_rate(probe.caption, shapes.near_paraphrases(probe)[_change]) for probe in shapes.PROBES]
    content_flips[_change] = round(sum(_rates) / len(_rates), 3)


# %% one_caption_at_a_time whole=true
"""a helper that gives the kind, a tensor of truth values, tensors in the table"""
def _kind(text):
    text = clip.embed_texts(text)[0].double()
    return world.scenes[int((gallery_emb.double() @ text / gallery_emb.double().norm(dim=1)).argmax())]


def content_flip_rate(caption, variants):
    own = _kind(caption)
    return torch.tensor([_kind(variant) != own for variant in variants]).double().mean()


content_flips = {
    change: torch.stack([content_flip_rate(p.caption, tuple(shapes.near_paraphrases(p)[change])) for p in shapes.PROBES]).mean()
    for change in shapes.KINDS_OF_CHANGE
}
