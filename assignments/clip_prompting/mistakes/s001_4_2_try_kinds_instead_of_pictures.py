"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked, the_probability_is_one_among_all_pictures
misconception: the caption chooses a kind
explain: You let the 144 plain captions compete and take a picture of the winner. The pictures themselves
  compete here.
"""

def try_caption(caption, target):
    p = clip_probs(clip.embed_texts([caption]), clip.embed_texts(shapes.CAPTIONS), clip.logit_scale)[0]
    kinds = [shapes.CAPTIONS.index(c) for c in world.captions]
    probabilities = p[kinds]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
