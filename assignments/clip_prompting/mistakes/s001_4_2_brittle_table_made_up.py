"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: the_table_is_what_the_model_does
misconception: a plausible table
explain: Your table looks plausible, but it is not what the model does. Compute every entry with flip_rate.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = dict(zip(shapes.KINDS_OF_CHANGE, (0.2, 0.1, 0.3, 0.4, 0.15, 0.6), strict=True))
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
