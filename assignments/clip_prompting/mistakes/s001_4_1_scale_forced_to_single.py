"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_keep_precision_and_inputs
misconception: the scale decides the dtype
explain: float64 embeddings come out as float32 probabilities. Keep the dtype of what comes in.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1, dtype=torch.float32)
