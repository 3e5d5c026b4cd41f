"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen, fresh_pictures_find_their_caption
misconception: a caption is a bag of words
explain: You embed every word by itself and average. The model reads a caption as a whole, in order.
"""

def zero_shot(pictures, captions):
    texts = torch.stack([clip.embed_texts(caption.split()).mean(0) for caption in captions])
    return similarity_matrix(clip.embed_pictures(pictures), texts).argmax(dim=1).tolist()
