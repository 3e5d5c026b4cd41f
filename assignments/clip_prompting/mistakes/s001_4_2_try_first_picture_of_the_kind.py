"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked
misconception: pictures of one kind are the same
explain: You look up the first picture with the same plain caption as the one that was picked. There are three
  or four of each kind, and the model picked one of them.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = world.captions.index(world.captions[int(probabilities.argmax())])
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
