"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original, the_table_is_what_the_model_does
misconception: the captions compete
explain: You let the captions compete for each picture before you pick. Each caption picks by itself, among
  the pictures.
"""

def flip_rate(caption, variants):
    picked = clip_probs(gallery_emb, clip.embed_texts([caption, *variants]), clip.logit_scale).argmax(dim=0)
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
