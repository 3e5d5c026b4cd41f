"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: the_table_is_what_the_model_does
misconception: one example is enough
explain: Your table rests on a single scene. That is a story, not a measurement: average over all probes.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = {kind: flip_rate(shapes.PROBES[0].caption, variants) for kind, variants in shapes.near_paraphrases(shapes.PROBES[0]).items()}
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
