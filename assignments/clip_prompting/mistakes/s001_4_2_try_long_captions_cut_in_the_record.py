"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: a_try_is_recorded_as_it_was_made
misconception: what the model does not read does not belong into the record
explain: You record the first 14 words of a caption. The model reads no more, but the record holds the text as it
  was given; that it is too long can only be seen there.
"""

def try_caption(caption, target):
    caption = " ".join(caption.split(" ")[:14])
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
