"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: answers_count_in_the_list_given, the_most_similar_caption_is_chosen,
  fresh_pictures_find_their_caption
misconception: the order of the captions is mine
explain: You sort the captions before you embed them. The answers then point into your list, not into the one
  that was handed over.
"""

def zero_shot(pictures, captions):
    captions = sorted(captions)
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return probabilities.argmax(dim=1).tolist()
