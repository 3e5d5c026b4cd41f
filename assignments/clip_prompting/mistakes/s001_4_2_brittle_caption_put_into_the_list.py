"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_in_plain_cases
misconception: the list of variants is mine
explain: You put the caption into the list of variants that was handed over, and it stays there: called again with
  the same list, you would count it. Make a new list.
"""

def flip_rate(caption, variants):
    variants.insert(0, caption)
    picked = similarity_matrix(clip.embed_texts(variants), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
