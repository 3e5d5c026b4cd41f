"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, kinds_never_trained_on_find_their_caption
misconception: pixels belong between 0 and 1
explain: You divide the pixels by 255 before you hand them over. embed_pictures takes bytes and scales them
  itself; scaled twice, every picture is black.
"""

def zero_shot(pictures, captions):
    p = clip_probs(clip.embed_pictures(pictures / 255.0), clip.embed_texts(captions), clip.logit_scale)
    return p.argmax(dim=1).tolist()
