"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_rank_counts_the_pictures_before_it
misconception: rank 1 is the worst
explain: You count the pictures that fit worse than the target. The rank counts those that fit better.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities < probabilities[target]).sum()),
    }
