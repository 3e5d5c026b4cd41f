"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: answers_count_in_the_list_given
misconception: as many captions are the same captions
explain: You keep the embeddings of an earlier list and use them for every list of the same length. The next list holds
  other captions, or the same in another order.
"""

_known = {}


def zero_shot(pictures, captions):
    if len(captions) not in _known:
        _known[len(captions)] = clip.embed_texts(captions)
    return clip_probs(clip.embed_pictures(pictures), _known[len(captions)], clip.logit_scale).argmax(dim=1).tolist()
