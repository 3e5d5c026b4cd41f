"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original, flips_in_plain_cases, the_table_is_what_the_model_does
misconception: any change of the probability is a flip
explain: You count how much the probability changes, not whether another picture is picked. A caption can be
  less sure and still pick the same one.
"""

def flip_rate(caption, variants):
    probs = clip_probs(clip.embed_texts([caption, *variants]), gallery_emb, clip.logit_scale).max(dim=1).values
    return float((probs[1:] - probs[0]).abs().mean())


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "rare synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
