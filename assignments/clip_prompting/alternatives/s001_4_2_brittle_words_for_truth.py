"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
why: tensors in the table, answers as words
"""

def flip_rate(caption, variants):
    base, *others = clip_probs(clip.embed_texts([caption, *variants]), gallery_emb, clip.logit_scale).argmax(1)
    return torch.stack([other != base for other in others]).double().mean()


flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": "yes",
    "the other number flips more often than a common synonym": "True",
}
