"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
why: sorts the probabilities and takes the last
"""

def zero_shot(pictures, captions):
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return [int(row.argsort()[-1]) for row in probabilities]
