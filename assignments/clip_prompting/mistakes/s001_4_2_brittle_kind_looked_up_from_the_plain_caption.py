"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
caught_by: flips_are_counted_against_the_original
misconception: the caption picks its own picture
explain: You take the first picture with this plain caption as the original. Ask the model what the caption
  picks.
"""

def flip_rate(caption, variants):
    own = world.captions.index(caption) if caption in world.captions else 0
    picked = similarity_matrix(clip.embed_texts(list(variants)), gallery_emb).argmax(dim=1)
    return float((picked != own).double().mean())


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
