"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: a single word is no caption
explain: You put "a photo of a" before single words. That may help or harm, and it changes which caption is the most
  similar one; you were asked about the captions as they come.
"""

def zero_shot(pictures, captions):
    said = [caption if " " in caption else f"a photo of a {caption}" for caption in captions]
    return similarity_matrix(clip.embed_pictures(pictures), clip.embed_texts(said)).argmax(dim=1).tolist()
