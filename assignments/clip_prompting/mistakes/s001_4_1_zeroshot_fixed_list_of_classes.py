"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: answers_count_in_the_list_given, single_words_serve_as_classes
misconception: the classes are always the 144 captions
explain: You answer with places in the list of all 144 plain captions, whatever list you are given. The
  classes are the captions that are handed over.
"""

def zero_shot(pictures, captions):
    texts = clip.embed_texts(shapes.CAPTIONS)
    best = clip_probs(clip.embed_pictures(pictures), texts, clip.logit_scale).argmax(dim=1).tolist()
    return [k % len(captions) for k in best]
