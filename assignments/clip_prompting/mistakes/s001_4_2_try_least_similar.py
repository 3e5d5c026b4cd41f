"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked, the_probability_is_one_among_all_pictures
misconception: the smallest number is the closest
explain: You pick the picture with the smallest probability. Similarity is no distance: large means close.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmin())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
