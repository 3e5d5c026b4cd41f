"""
item: s001-4.1
cell: s001-4_1
caught_by: probabilities_keep_precision_and_inputs
misconception: embeddings are float32
explain: You convert to float32. What comes in as float64 should go out as float64.
"""

def similarity_matrix(image_emb, text_emb):
    images = torch.nn.functional.normalize(image_emb.float(), dim=-1)
    texts = torch.nn.functional.normalize(text_emb.float(), dim=-1)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
