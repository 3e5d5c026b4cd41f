"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: a_try_is_recorded_as_it_was_made
misconception: a record may be tidied up
explain: You record the caption without the words that the model does not know. Record what was tried.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": " ".join(w for w in caption.split() if not clip.unknown_words(w)),
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
