"""
item: s001-4.2-try
cell: s001-4_2-try
why: sorted pairs; a target given as a tensor or a number
"""

def try_caption(caption, target):
    p = clip_probs(clip.embed_texts(caption), gallery_emb, clip.logit_scale).squeeze(0).tolist()
    order = sorted(range(len(p)), key=p.__getitem__, reverse=True)
    return {"caption": caption, "picked": order[0], "prob": max(p), "rank": order.index(int(target)) + 1}
