"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_in_plain_cases, the_table_is_what_the_model_does
misconception: how many pictures turn up
explain: You count how many different pictures the variants pick. Two variants that flip to the same picture
  are still two flips.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((len(set(picked.tolist())) - 1) / len(variants))


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
