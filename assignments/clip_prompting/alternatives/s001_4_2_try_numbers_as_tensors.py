"""
item: s001-4.2-try
cell: s001-4_2-try
why: numbers left as tensors, plus a key that nobody asked for
"""

def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    prob, picked = probabilities.max(dim=0)
    rank = (probabilities >= probabilities[target]).sum()
    return {"caption": caption, "picked": picked, "prob": prob, "rank": rank, "target": target}
