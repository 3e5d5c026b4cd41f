"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine, probabilities_match_the_model
misconception: an angle is a similarity
explain: You return the angle. A large angle means unlike; asked is its cosine.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return torch.acos((images @ texts.T).clamp(-1, 1))


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
