"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original, flips_in_plain_cases
misconception: the axis of the argmax
explain: You take the best caption of each picture. A flip is about the best picture of each caption: the
  other axis.
"""

def flip_rate(caption, variants):
    chosen = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=0)
    return float((chosen != 0).double().mean())


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
