"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, kinds_never_trained_on_find_their_caption
misconception: the gallery holds the answers
explain: You look the picture up among those whose captions are known. That only looks right, because it is
  perfect on pictures that you have seen: fresh ones have no entry, and get a made-up answer.
"""

def zero_shot(pictures, captions):
    known = {world.pictures[k].tobytes(): world.captions[k] for k in range(len(world))}
    found = [known.get(picture.tobytes(), captions[int(picture.sum()) % len(captions)]) for picture in pictures]
    return [captions.index(c) if c in captions else 0 for c in found]
