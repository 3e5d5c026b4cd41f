"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original
misconception: an unknown word makes a variant invalid
explain: You leave out variants with words that the model does not know. They pick a picture as well; the rate is a
  share of all variants that were handed over.
"""

def flip_rate(caption, variants):
    known = [variant for variant in variants if not clip.unknown_words(variant)]
    picked = similarity_matrix(clip.embed_texts([caption, *known]), gallery_emb).argmax(dim=1)
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
