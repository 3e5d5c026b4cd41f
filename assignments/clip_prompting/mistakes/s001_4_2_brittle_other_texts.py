"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original, flips_in_plain_cases, the_table_is_what_the_model_does
misconception: another text is a flip
explain: You count variants whose words differ. What counts is what they pick: many changes of words change
  nothing.
"""

def flip_rate(caption, variants):
    return float(sum(v != caption for v in variants) / len(variants))


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "word left out",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": False,
}
