"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_rank_counts_the_pictures_before_it
misconception: sorting gives ranks
explain: You read the sorted list at the place of the target. That is the number of the picture that has this
  rank, not the rank of the target.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int(probabilities.argsort(descending=True)[target]),
    }
