"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, single_words_serve_as_classes
misconception: a caption fits one picture only
explain: You give every caption away once. Several pictures may show the same kind, and each chooses for
  itself.
"""

def zero_shot(pictures, captions):
    left = similarity_matrix(clip.embed_pictures(pictures), clip.embed_texts(captions)).clone()
    found = []
    for row in range(len(pictures)):
        best = int(left[row].argmax())
        found.append(best)
        left[:, best] -= 9
    return found
