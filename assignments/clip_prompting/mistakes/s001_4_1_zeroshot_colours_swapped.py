"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, kinds_never_trained_on_find_their_caption,
  single_words_serve_as_classes
misconception: pictures come as blue, green, red
explain: You turn the colour channels round before you embed. The pictures come as red, green, blue, which is
  what the model expects.
"""

def zero_shot(pictures, captions):
    turned = pictures[..., ::-1].copy()
    probabilities = clip_probs(clip.embed_pictures(turned), clip.embed_texts(captions), clip.logit_scale)
    return probabilities.argmax(dim=1).tolist()
