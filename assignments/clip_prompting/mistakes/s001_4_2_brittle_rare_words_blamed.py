"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: most_and_least_follow_from_the_table
misconception: rare words must flip most
explain: You say that rare synonyms flip most often. It is what one expects, and your own table says
  otherwise: read the largest of the six numbers.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "rare synonym",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
