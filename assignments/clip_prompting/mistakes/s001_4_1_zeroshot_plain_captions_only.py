"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: every class has a plain caption
explain: You replace each caption by the most similar plain one and compare with that. Use the captions as
  they come.
"""

def zero_shot(pictures, captions):
    plain = clip.embed_texts(shapes.CAPTIONS)
    nearest = similarity_matrix(clip.embed_texts(captions), plain).argmax(dim=1)
    return similarity_matrix(clip.embed_pictures(pictures), plain[nearest]).argmax(dim=1).tolist()
