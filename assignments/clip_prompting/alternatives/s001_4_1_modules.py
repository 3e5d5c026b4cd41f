"""
item: s001-4.1
cell: s001-4_1
why: torch.nn.CosineSimilarity and torch.nn.Softmax
"""

def similarity_matrix(image_emb, text_emb):
    return torch.nn.CosineSimilarity(dim=2)(image_emb.unsqueeze(1), text_emb.unsqueeze(0))


def clip_probs(image_emb, text_emb, logit_scale):
    scale = torch.as_tensor(logit_scale, dtype=image_emb.dtype, device=image_emb.device)
    return torch.nn.Softmax(dim=1)(similarity_matrix(image_emb, text_emb).mul(scale))
