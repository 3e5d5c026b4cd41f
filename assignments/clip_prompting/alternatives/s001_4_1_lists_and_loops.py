"""
item: s001-4.1
cell: s001-4_1
why: loops over pairs, softmax by hand with the largest logit taken off, each function by itself
"""

def similarity_matrix(image_emb, text_emb):
    rows = [[torch.dot(a, b) / (a.norm() * b.norm()) for b in text_emb] for a in image_emb]
    return torch.stack([torch.stack(row) for row in rows])


def clip_probs(image_emb, text_emb, logit_scale):
    logits = similarity_matrix(image_emb, text_emb) * logit_scale
    weight = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return weight / weight.sum(dim=1, keepdim=True)
