"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: a_try_is_recorded_as_it_was_made
misconception: spaces do not belong to a text
explain: You record the caption with its spaces tidied. A record holds the text as it was given.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": " ".join(caption.split()),
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
