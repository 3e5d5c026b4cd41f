"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: a_try_is_recorded_as_it_was_made
misconception: case does not matter
explain: You record the caption in another form than it was tried in. CLIP does not mind, but a record that is
  tidied up is no record.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": " ".join(shapes.words_of(caption)),
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
