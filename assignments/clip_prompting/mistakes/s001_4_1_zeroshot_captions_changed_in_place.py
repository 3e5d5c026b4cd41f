"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: answers_count_in_the_list_given
misconception: the list of captions is mine
explain: You write into the list that was handed over. Its owner still needs the captions as they were; make a new list.
"""

def zero_shot(pictures, captions):
    for place, caption in enumerate(captions):
        captions[place] = caption.upper()
    return clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale).argmax(dim=1).tolist()
