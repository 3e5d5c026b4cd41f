"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: tries_do_not_influence_each_other, the_picture_that_fits_best_is_picked
misconception: the first try is kept
explain: You keep the embedding of the first caption and use it for all others. Every try needs its own.
"""

_kept = {}


def try_caption(caption, target):
    if "text" not in _kept:
        _kept["text"] = clip.embed_texts([caption])
    probabilities = clip_probs(_kept["text"], gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
