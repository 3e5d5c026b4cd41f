"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: fresh_pictures_find_their_caption, a_picture_does_not_care_for_its_neighbours
misconception: any list of whole numbers
explain: You give the same caption to every picture. A constant answer can look trained where one class is
  common; here every class is as rare as any other.
"""

def zero_shot(pictures, captions):
    return [0] * len(pictures)
