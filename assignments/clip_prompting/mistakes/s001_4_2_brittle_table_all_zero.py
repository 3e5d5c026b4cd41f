"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: the_table_is_what_the_model_does, most_and_least_follow_from_the_table,
  same_meaning_follows_from_the_table, other_number_follows_from_the_table
misconception: an empty table contradicts nothing
explain: Your table is 0 everywhere, so that no claim can be read off. Fill it with flip_rate.
"""

def flip_rate(caption, variants):
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
