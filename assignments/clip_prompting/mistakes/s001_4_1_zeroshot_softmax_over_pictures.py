"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: a_picture_does_not_care_for_its_neighbours
misconception: each caption distributes itself over the pictures
explain: Your probabilities sum to 1 over the pictures. Among many pictures the best caption is often still
  the right one, so it looks right; a picture alone then gets probability 1 for every caption.
"""

def zero_shot(pictures, captions):
    cosines = similarity_matrix(clip.embed_pictures(pictures), clip.embed_texts(captions))
    return torch.softmax(clip.logit_scale * cosines, dim=0).argmax(dim=1).tolist()
