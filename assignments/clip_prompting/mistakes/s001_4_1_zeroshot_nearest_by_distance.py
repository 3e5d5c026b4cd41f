"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: the_most_similar_caption_is_chosen
misconception: the nearest vector is the most similar
explain: You choose the nearest embedding, lengths included. Direction is what counts: divide the lengths away
  first.
"""

def zero_shot(pictures, captions):
    return torch.cdist(clip.embed_pictures(pictures), clip.embed_texts(captions)).argmin(dim=1).tolist()
