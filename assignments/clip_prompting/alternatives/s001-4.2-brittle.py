# %% all_at_once whole=true
"""all captions embedded in one go, flips counted from a dictionary of picks"""
def flip_rate(caption, variants):
    import numpy

    picked = clip_probs(clip.embed_texts([caption, *variants]), gallery_emb, 1.0).argmax(dim=1).numpy()
    return numpy.mean(picked[1:] != picked[0])


_texts = [text for scene in shapes.PROBES for text in (scene.caption, *(v for group in shapes.near_paraphrases(scene).values() for v in group))]
_picks = dict(zip(_texts, similarity_matrix(clip.embed_texts(_texts), gallery_emb).argmax(dim=1).tolist(), strict=True))
flips = {}
for _kind in shapes.KINDS_OF_CHANGE:
    _pairs = [(s.caption, v) for s in shapes.PROBES for v in shapes.near_paraphrases(s)[_kind]]
    flips[_kind] = round(sum(_picks[a] != _picks[b] for a, b in _pairs) / len(_pairs), 3)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": 1,
    "the other number flips more often than a common synonym": True,
}


# %% loop_with_a_helper whole=true
"""a helper that picks, a list of truth values, numbers as fractions"""
from fractions import Fraction


def _pick(text):
    text = clip.embed_texts(text)[0].double()
    return int((gallery_emb.double() @ text / gallery_emb.double().norm(dim=1)).argmax())


def flip_rate(caption, variants):
    own = _pick(caption)
    return float(Fraction(sum(_pick(v) != own for v in variants), len(variants)))


_rates = {kind: [] for kind in shapes.KINDS_OF_CHANGE}
for _scene in shapes.PROBES:
    for _kind, _variants in shapes.near_paraphrases(_scene).items():
        _rates[_kind].append(flip_rate(_scene.caption, _variants))
flips = {kind: round(float(torch.tensor(rates).mean()), 2) for kind, rates in _rates.items()}
claims = {
    "flips most often": max(flips, key=flips.get),
    "flips least often": min(flips, key=flips.get),
    "the same meaning can pick another picture": any(flips[k] > 0 for k in ("rare synonym", "other order")),
    "the other number flips more often than a common synonym": bool(flips["other number"] > flips["common synonym"]),
}


# %% tensors_and_tuples whole=true
"""one tensor of rates, variants as tuples, numpy truth values"""
import numpy


def flip_rate(caption, variants):
    texts = [caption, *variants]
    order = clip_probs(clip.embed_texts(texts), gallery_emb, clip.logit_scale).sort(dim=1, descending=True).indices[:, 0]
    return 1 - torch.eq(order[1:], order[0]).float().mean()


_table = torch.tensor([[float(flip_rate(s.caption, tuple(v))) for v in shapes.near_paraphrases(s).values()] for s in shapes.PROBES])
flips = dict(zip(shapes.KINDS_OF_CHANGE, _table.mean(0), strict=True))
claims = {
    "flips most often": shapes.KINDS_OF_CHANGE[int(_table.mean(0).argmax())],
    "flips least often": shapes.KINDS_OF_CHANGE[int(_table.mean(0).argmin())],
    "the same meaning can pick another picture": numpy.bool_(True),
    "the other number flips more often than a common synonym": flips["other number"] > flips["common synonym"],
}


# %% through_try_caption whole=true
"""one try after the other; a table of means over lists"""
def flip_rate(caption, variants):
    first = try_caption(caption, 0)["picked"]
    others = [try_caption(variant, 0)["picked"] for variant in variants]
    return sum(int(k) != int(first) for k in others) / len(others)


flips = {}
for kind in shapes.KINDS_OF_CHANGE:
    rates = [flip_rate(scene.caption, shapes.near_paraphrases(scene)[kind]) for scene in shapes.PROBES]
    flips[kind] = sum(rates) / len(rates)
claims = {
    "flips most often": max(flips, key=flips.get),
    "flips least often": min(flips, key=flips.get),
    "the same meaning can pick another picture": flips["other order"] > 0,
    "the other number flips more often than a common synonym": flips["other number"] > flips["common synonym"],
}


# %% two_digits
"""rates to two digits, and a table that starts from a defaultdict"""
from collections import defaultdict

_memory = {}

def _picked(text):
    if text not in _memory:
        _memory[text] = try_caption(text, my_target)["picked"]
    return _memory[text]

def flip_rate(caption, variants):
    return round(sum(_picked(variant) != _picked(caption) for variant in variants) / len(variants), 2)

flips = defaultdict(float)

claims = {
    "flips most often": max(flips, key=flips.get),
    "flips least often": min(flips, key=flips.get),
    "the same meaning can pick another picture": flips["opening"] > 0,
    "the other number flips more often than a common synonym": flips["other number"] > flips["common synonym"],
}


# %% words_for_truth
"""tensors in the table, answers as words"""
def flip_rate(caption, variants):
    base, *others = clip_probs(clip.embed_texts([caption, *variants]), gallery_emb, clip.logit_scale).argmax(1)
    return torch.stack([other != base for other in others]).double().mean()

claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": "yes",
    "the other number flips more often than a common synonym": "True",
}
