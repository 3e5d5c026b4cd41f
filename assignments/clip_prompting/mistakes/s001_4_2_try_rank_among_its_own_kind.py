"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_rank_counts_the_pictures_before_it
misconception: rank among pictures of the kind
explain: You count only pictures of the target's own kind. The rank counts all 500.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    own = [k for k, scene in enumerate(world.scenes) if scene == world.scenes[target]]
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities[own] > probabilities[target]).sum()),
    }
