"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures
misconception: a probability is a percentage
explain: You record percent. A probability lies between 0 and 1.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": 100 * float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
