"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: same_meaning_follows_from_the_table
misconception: CLIP understands meaning
explain: You say that a caption of the same meaning always picks the same picture. Your own table holds rates
  above 0 for such changes.
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
    "the same meaning can pick another picture": False,
    "the other number flips more often than a common synonym": True,
}
