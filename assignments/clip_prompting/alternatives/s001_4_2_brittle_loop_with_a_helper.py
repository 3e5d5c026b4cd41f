"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
why: a helper that picks, a list of truth values, numbers as fractions
"""

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
