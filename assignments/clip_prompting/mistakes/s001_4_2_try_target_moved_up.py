"""
item: s001-4.2-try
cell: s001-4_2-try
caught_by: tries_do_not_influence_each_other, the_rank_counts_the_pictures_before_it
misconception: a little help for the target
explain: You add a bonus to the target before the softmax. Then the target decides what is picked, not the
  caption.
"""

def try_caption(caption, target):
    logits = clip.logit_scale * similarity_matrix(clip.embed_texts([caption]), gallery_emb)[0]
    logits[target] += 3
    probabilities = torch.softmax(logits, dim=0)
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
