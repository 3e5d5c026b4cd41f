"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original, the_table_is_what_the_model_does
misconception: a picture of the same kind is the same picture
explain: You count a flip only when the new picture shows another kind. A flip is another picture; whether it
  is of the right kind is a question of its own.
"""

def flip_rate(caption, variants):
    def kind(text):
        picked = similarity_matrix(clip.embed_texts(text), gallery_emb).argmax(dim=1)
        return world.scenes[int(picked[0])]

    return sum(kind(v) != kind(caption) for v in variants) / len(variants)


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
