"""
item: s001-4.2-try
cell: s001-4_2-try
why: a probability rounded as it will be read in the log; an ordered dict
"""

from collections import OrderedDict


def try_caption(caption, target):
    logits = clip.logit_scale * similarity_matrix(gallery_emb, clip.embed_texts([caption])).T
    p = logits.softmax(-1).reshape(-1)
    prob, picked = p.topk(1)
    return OrderedDict(rank=torch.count_nonzero(p > p[target]) + 1, caption=caption, picked=picked, prob=round(prob.item(), 2))
