"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
why: a loop over pictures, indices as an array
"""

def zero_shot(pictures, captions):
    import numpy

    texts = clip.embed_texts(captions)
    return numpy.array([int(similarity_matrix(clip.embed_pictures(p), texts)[0].argmax()) for p in pictures])
