"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures
misconception: two candidates matter
explain: You let the picked picture and the target compete alone. All 500 pictures share the probability.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked] / (probabilities[picked] + probabilities[target])),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
