"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, single_words_serve_as_classes,
  the_most_similar_caption_is_chosen
misconception: similarity is a distance
explain: You choose the caption with the smallest probability. Similarity is no distance: large means close.
"""

def zero_shot(pictures, captions):
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return probabilities.argmin(dim=1).tolist()
