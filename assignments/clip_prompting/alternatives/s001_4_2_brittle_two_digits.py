"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
why: rates to two digits, and a table that starts from a defaultdict
"""

from collections import defaultdict

_memory = {}


def _picked(text):
    if text not in _memory:
        _memory[text] = try_caption(text, my_target)["picked"]
    return _memory[text]


def flip_rate(caption, variants):
    return round(sum(_picked(variant) != _picked(caption) for variant in variants) / len(variants), 2)


flips = defaultdict(float)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": max(flips, key=flips.get),
    "flips least often": min(flips, key=flips.get),
    "the same meaning can pick another picture": flips["opening"] > 0,
    "the other number flips more often than a common synonym": flips["other number"] > flips["common synonym"],
}
