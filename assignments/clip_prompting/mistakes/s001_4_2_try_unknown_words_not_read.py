"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked
misconception: an unknown word says nothing
explain: You leave out the words that the model does not know, and record the caption with them. The model reads them as
  <unknown>, and that can change which picture is picked.
"""

def try_caption(caption, target):
    read = " ".join(w for w in shapes.words_of(caption) if w not in clip.unknown_words(caption))
    probabilities = clip_probs(clip.embed_texts([read]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
