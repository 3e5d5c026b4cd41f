"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures
misconception: a cosine is a probability
explain: You record the cosine as prob. It looks like a probability, being below 1, but 500 of them do not sum
  to 1: the softmax over the pictures is missing.
"""

def try_caption(caption, target):
    probabilities = similarity_matrix(clip.embed_texts([caption]), gallery_emb)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
