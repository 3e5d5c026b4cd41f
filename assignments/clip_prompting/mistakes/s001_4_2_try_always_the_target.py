"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked, tries_do_not_influence_each_other
misconception: the target is what is picked
explain: You record the target as the picture that was picked, whatever the caption does. Such a log only
  looks like success.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(target)
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
