"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: the_table_is_what_the_model_does
misconception: one flip makes a scene brittle
explain: Your table counts the scenes with at least one flip. Asked is the mean of flip_rate.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += (flip_rate(scene.caption, variants) > 0) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
