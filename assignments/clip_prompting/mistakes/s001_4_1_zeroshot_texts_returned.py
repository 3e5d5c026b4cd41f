"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption
misconception: the answer is the caption
explain: You return the captions themselves. Asked are their places in the list.
"""

def zero_shot(pictures, captions):
    p = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return [captions[k] for k in p.argmax(dim=1).tolist()]
