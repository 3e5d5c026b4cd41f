"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_picture_that_fits_best_is_picked
misconception: the caption is looked up, not embedded
explain: You look for a picture whose plain caption shares most words with yours. That only looks like CLIP:
  the model does not compare words, it compares embeddings.
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = max(range(len(world)), key=lambda k: len(set(world.captions[k].split()) & set(shapes.words_of(caption))))
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
