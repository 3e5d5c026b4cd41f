"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: the_table_is_what_the_model_does
misconception: inner products rank the pictures
explain: You pick by inner products with embeddings as they come. A picture with a long embedding then gets
  ahead of others for every caption.
"""

def flip_rate(caption, variants):
    picked = (clip.embed_texts([caption, *variants]) @ gallery_emb.T).argmax(dim=1)
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
