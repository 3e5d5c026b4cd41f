"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: an unsure answer is no answer
explain: You give place 0 to every picture that is not sure. Asked is the best caption, however sure.
"""

def zero_shot(pictures, captions):
    p = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    sure, best = p.max(dim=1)
    return [int(k) if float(s) > 0.5 else 0 for s, k in zip(sure, best, strict=True)]
