"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: a longer prompt is always better
explain: You put words around every caption. That often helps the full-size model; this one was trained on
  plain captions, and you were asked about the captions as they come.
"""

def zero_shot(pictures, captions):
    texts = clip.embed_texts(["a photo of a " + caption for caption in captions])
    return clip_probs(clip.embed_pictures(pictures), texts, clip.logit_scale).argmax(dim=1).tolist()
