"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, the_most_similar_caption_is_chosen
misconception: one word tells the class
explain: You embed only the first word of each caption. With single words as classes it looks right; a class
  may be a whole sentence.
"""

def zero_shot(pictures, captions):
    texts = clip.embed_texts([caption.split()[0] for caption in captions])
    return clip_probs(clip.embed_pictures(pictures), texts, clip.logit_scale).argmax(dim=1).tolist()
