"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, probabilities_keep_precision_and_inputs
misconception: three digits are enough
explain: You round the cosines. With a large scale the digits you cut off decide.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return (images @ texts.T).mul(1000).round() / 1000


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
