"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: other_number_follows_from_the_table
misconception: one letter cannot matter much
explain: You say that the number of the noun matters less than a synonym. It is one or two letters, but in
  your own table it flips far more often: to CLIP it is another word, and one that says how many.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": False,
}
