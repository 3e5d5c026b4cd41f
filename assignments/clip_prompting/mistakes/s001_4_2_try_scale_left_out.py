"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures
misconception: the scale does not matter for the winner
explain: You leave the scale of the model out. The winner is the same, so it looks right, but all 500
  probabilities come out nearly alike.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, 1.0)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
