"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures
misconception: one digit is enough
explain: You round the probability to one digit. Keep what the model gives.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": round(float(probabilities[picked]), 1),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
