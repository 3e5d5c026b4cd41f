"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption
misconception: max is argmax
explain: You return the largest probability, not its place.
"""

def zero_shot(pictures, captions):
    p = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return p.max(dim=1).values.tolist()
