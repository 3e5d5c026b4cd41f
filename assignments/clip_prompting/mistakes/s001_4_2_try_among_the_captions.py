"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked, the_probability_is_one_among_all_pictures
misconception: the softmax goes over the captions
explain: There is one caption here, and a softmax over one caption gives 1 for every picture. The pictures
  compete in this game.
"""

def try_caption(caption, target):
    probabilities = clip_probs(gallery_emb, clip.embed_texts([caption]), clip.logit_scale)[:, 0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
