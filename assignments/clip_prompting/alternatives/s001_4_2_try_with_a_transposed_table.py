"""
item: s001-4.2-try
cell: s001-4_2-try
why: the table of similarities with pictures as lines, softmax over them, rank by sorting
"""

def try_caption(caption, target):
    probabilities = torch.softmax(clip.logit_scale * similarity_matrix(gallery_emb, clip.embed_texts(caption)), dim=0)[:, 0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": probabilities.argsort(descending=True).tolist().index(target) + 1,
    }
