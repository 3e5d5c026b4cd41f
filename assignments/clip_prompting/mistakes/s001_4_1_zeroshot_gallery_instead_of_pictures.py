"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, kinds_never_trained_on_find_their_caption
misconception: the pictures are those of the gallery
explain: You classify the first pictures of the gallery, whatever pictures are handed over.
"""

def zero_shot(pictures, captions):
    p = clip_probs(gallery_emb[: len(pictures)], clip.embed_texts(captions), clip.logit_scale)
    return p.argmax(dim=1).tolist()
