"""
item: s001-4.1
cell: s001-4_1
caught_by: similarity_is_the_cosine
misconception: texts come first
explain: Your table of similarities has one line per text. With as many texts as pictures that looks right;
  here one line belongs to one picture.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return texts @ images.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb).T, dim=1)
