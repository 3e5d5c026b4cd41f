"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: a_picture_does_not_care_for_its_neighbours
misconception: compare with what the others say
explain: You take the mean over the pictures off each column first. A picture then gets other answers in other
  company; alone, all its similarities become 0.
"""

def zero_shot(pictures, captions):
    c = similarity_matrix(clip.embed_pictures(pictures), clip.embed_texts(captions))
    return (c - c.mean(dim=0)).argmax(dim=1).tolist()
