"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
why: pictures in batches of 50, captions in lower case, indices as one tensor of int32
"""

def zero_shot(pictures, captions):
    texts = clip.embed_texts([caption.lower() for caption in captions])
    found = [clip_probs(clip.embed_pictures(pictures[k : k + 50]), texts, clip.logit_scale).argmax(1) for k in range(0, len(pictures), 50)]
    return torch.cat(found).to(torch.int32)
