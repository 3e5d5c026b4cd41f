"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: an unknown word says nothing
explain: You drop the words that the model does not know. It reads them as <unknown>, and that moves the embedding: use
  captions as they come.
"""

def zero_shot(pictures, captions):
    read = [" ".join(w for w in shapes.words_of(c) if w not in clip.unknown_words(c)) for c in captions]
    return similarity_matrix(clip.embed_pictures(pictures), clip.embed_texts(read)).argmax(dim=1).tolist()
