"""
item: s001-4.1
cell: s001-4_1
why: both under no_grad, with inputs that may ask for gradients
"""

@torch.no_grad()
def similarity_matrix(image_emb, text_emb):
    images = image_emb.clone()
    images /= images.norm(dim=-1, keepdim=True)
    texts = text_emb.clone()
    texts /= texts.norm(dim=-1, keepdim=True)
    return images.mm(texts.t())


@torch.no_grad()
def clip_probs(image_emb, text_emb, logit_scale):
    logits = similarity_matrix(image_emb, text_emb)
    logits *= logit_scale
    logits -= logits.max(dim=1, keepdim=True).values
    return logits.exp_().div_(logits.sum(dim=1, keepdim=True))
