"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: inner products are good enough
explain: You compare inner products of embeddings as they come. The lengths of this model differ little, so
  most answers look right, but captions with long embeddings win where they should not.
"""

def zero_shot(pictures, captions):
    return (clip.embed_pictures(pictures) @ clip.embed_texts(captions).T).argmax(dim=1).tolist()
