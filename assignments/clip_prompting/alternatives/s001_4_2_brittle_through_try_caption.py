"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
why: one try after the other; a table of means over lists
"""

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
