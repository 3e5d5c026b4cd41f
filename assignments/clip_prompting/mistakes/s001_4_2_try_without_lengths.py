"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: the_probability_is_one_among_all_pictures, the_rank_counts_the_pictures_before_it
misconception: inner products rank the pictures
explain: You rank by inner products with embeddings as they come. A picture with a long embedding then gets
  ahead of others for every caption.
"""

def try_caption(caption, target):
    probabilities = torch.softmax((clip.embed_texts([caption]) @ gallery_emb.T)[0], dim=0)
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
