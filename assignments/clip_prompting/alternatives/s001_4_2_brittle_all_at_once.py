"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
why: all captions embedded in one go, flips counted from a dictionary of picks
"""

def flip_rate(caption, variants):
    import numpy

    picked = clip_probs(clip.embed_texts([caption, *variants]), gallery_emb, 1.0).argmax(dim=1).numpy()
    return numpy.mean(picked[1:] != picked[0])


_texts = [text for scene in shapes.PROBES for text in (scene.caption, *(v for group in shapes.near_paraphrases(scene).values() for v in group))]
_picks = dict(zip(_texts, similarity_matrix(clip.embed_texts(_texts), gallery_emb).argmax(dim=1).tolist(), strict=True))
flips = {}
for _kind in shapes.KINDS_OF_CHANGE:
    _pairs = [(s.caption, v) for s in shapes.PROBES for v in shapes.near_paraphrases(s)[_kind]]
    flips[_kind] = round(sum(_picks[a] != _picks[b] for a, b in _pairs) / len(_pairs), 3)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": 1,
    "the other number flips more often than a common synonym": True,
}
