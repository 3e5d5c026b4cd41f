"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_rank_counts_the_pictures_before_it
misconception: the rank belongs to what was picked
explain: You record the rank of the picture that was picked, and that is always 1. The rank of the target
  tells how close the try came.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[picked]).sum()),
    }
