"""
item: s001-4.1
cell: s001-4_1
why: probabilities as one over a sum of exponentials of differences; scale as a tensor
"""

def similarity_matrix(image_emb, text_emb):
    gram = image_emb.matmul(text_emb.t())
    return gram.div(image_emb.norm(p=2, dim=1).unsqueeze(1)).div(text_emb.norm(p=2, dim=1).unsqueeze(0))


def clip_probs(image_emb, text_emb, logit_scale):
    c = similarity_matrix(image_emb, text_emb)
    return 1 / torch.exp(logit_scale * (c[:, None, :] - c[:, :, None])).sum(dim=2)
