"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked
misconception: a part of the gallery is enough
explain: You look at the first hundred pictures only. All 500 take part.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb[:100], clip.logit_scale)[0]
    probabilities = torch.cat([probabilities, probabilities.new_zeros(400)])
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
