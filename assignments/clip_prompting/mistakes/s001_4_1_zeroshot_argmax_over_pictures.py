"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, single_words_serve_as_classes
misconception: one answer per caption
explain: You choose a picture for each caption. Asked is a caption for each picture, so the largest entry of
  each line.
"""

def zero_shot(pictures, captions):
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    best = probabilities.argmax(dim=0).tolist()
    return (best * len(pictures))[: len(pictures)]
