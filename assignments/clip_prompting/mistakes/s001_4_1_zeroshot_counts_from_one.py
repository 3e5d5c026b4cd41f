"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, answers_count_in_the_list_given, single_words_serve_as_classes
misconception: lists count from one
explain: Your answers are one too high: lists count from 0.
"""

def zero_shot(pictures, captions):
    p = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return [(int(k) + 1) % len(captions) for k in p.argmax(dim=1)]
