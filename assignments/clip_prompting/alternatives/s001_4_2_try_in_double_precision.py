"""
item: s001-4.2-try
cell: s001-4_2-try
why: everything by hand in float64
"""

def try_caption(caption, target):
    text = clip.embed_texts([caption])[0].double()
    images = gallery_emb.double()
    cosines = images @ text / (images.norm(dim=1) * text.norm())
    weights = (clip.logit_scale * (cosines - cosines.max())).exp()
    picked = int(torch.argmax(cosines))
    before = [k for k in range(len(cosines)) if cosines[k] > cosines[target]]
    prob = (weights[picked] / weights.sum()).item()
    return {"caption": caption, "picked": picked, "prob": prob, "rank": len(before) + 1}
