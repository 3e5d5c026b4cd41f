"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
caught_by: answers_count_in_the_list_given, the_most_similar_caption_is_chosen
misconception: compare pictures with pictures
explain: You compare with pictures whose captions are known and copy their caption. That needs labelled
  examples, which zero-shot is about doing without, and it has no answer for other captions.
"""

def zero_shot(pictures, captions):
    near = similarity_matrix(clip.embed_pictures(pictures), gallery_emb).argmax(dim=1).tolist()
    place = {caption: k for k, caption in enumerate(shapes.CAPTIONS)}
    return [place[world.captions[k]] % len(captions) for k in near]
