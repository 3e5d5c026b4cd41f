"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures, tries_do_not_influence_each_other
misconception: prob belongs to the target
explain: You record the probability of the target. It belongs to the picture that was picked, which may be
  another one.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[target]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
