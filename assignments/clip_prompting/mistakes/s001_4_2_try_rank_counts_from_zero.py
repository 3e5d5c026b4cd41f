"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_rank_counts_the_pictures_before_it
misconception: the best has rank 0
explain: You count from 0. The picture that fits best has rank 1.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": int((probabilities > probabilities[target]).sum()),
    }
