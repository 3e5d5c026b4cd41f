"""
item: s001-4.1
cell: s001-4_1
caught_by: lengths_do_not_matter, probabilities_match_the_model, the_scale_is_a_multiplier
misconception: only the similarity needs lengths
explain: Your similarities are cosines, but clip_probs takes inner products of the embeddings as they come.
  Use your own similarity_matrix there.
"""

def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T


def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(logit_scale * image_emb @ text_emb.T, dim=1)
