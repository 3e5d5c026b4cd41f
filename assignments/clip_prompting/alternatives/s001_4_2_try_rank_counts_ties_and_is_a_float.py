"""
item: s001-4.2-try
cell: s001-4_2-try
why: numbers as floats, the caption as part of a larger dict
"""

def try_caption(caption, target):
    cosines = similarity_matrix(gallery_emb, clip.embed_texts([caption]))[:, 0]
    p = torch.softmax(clip.logit_scale * cosines, dim=0)
    better = (cosines > cosines[target]).sum()
    return {"rank": 1.0 + float(better), "prob": p.max().item(), "picked": p.argmax().item(), "caption": str(caption)}
