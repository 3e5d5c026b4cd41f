"""
item: s001-4.1
cell: s001-4_1
why: the table of texts by pictures, turned; softmax over its first axis before turning
"""

def similarity_matrix(image_emb, text_emb):
    unit = torch.nn.functional.normalize
    return (unit(text_emb) @ unit(image_emb).mT).mT


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(similarity_matrix(image_emb, text_emb).T * logit_scale, dim=0).T
