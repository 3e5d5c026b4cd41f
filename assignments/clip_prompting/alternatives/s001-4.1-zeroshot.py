# %% batches_and_lower_case
"""pictures in batches of 50, captions in lower case, indices as one tensor of int32"""
def zero_shot(pictures, captions):
    texts = clip.embed_texts([caption.lower() for caption in captions])
    found = [clip_probs(clip.embed_pictures(pictures[k : k + 50]), texts, clip.logit_scale).argmax(1) for k in range(0, len(pictures), 50)]
    return torch.cat(found).to(torch.int32)


# %% by_cosine
"""the softmax does not change which caption is best; a tensor of indices is as good as a list"""
def zero_shot(pictures, captions):
    return similarity_matrix(clip.embed_pictures(pictures), clip.embed_texts(captions)).max(dim=1).indices


# %% by_distance_of_directions
"""the nearest direction is the one with the largest cosine; captions as a tuple"""
def zero_shot(pictures, captions):
    unit = torch.nn.functional.normalize
    images, texts = unit(clip.embed_pictures(pictures).double()), unit(clip.embed_texts(tuple(captions)).double())
    return tuple(int(k) for k in torch.cdist(images, texts).argmin(dim=1))


# %% one_picture_at_a_time
"""a loop over pictures, indices as an array"""
def zero_shot(pictures, captions):
    import numpy

    texts = clip.embed_texts(captions)
    return numpy.array([int(similarity_matrix(clip.embed_pictures(p), texts)[0].argmax()) for p in pictures])


# %% sorting
"""sorts the probabilities and takes the last"""
def zero_shot(pictures, captions):
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return [int(row.argsort()[-1]) for row in probabilities]


# %% the_model_itself
"""the logits of the model, from its own processor and tokenizer"""
def zero_shot(pictures, captions):
    texts = clip.tokenizer(list(captions), padding=True, return_tensors="pt")
    pixels = clip.processor(images=list(pictures), return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        out = clip.model(input_ids=texts["input_ids"], attention_mask=texts["attention_mask"], pixel_values=pixels)
    return out.logits_per_image.topk(1, dim=1).indices[:, 0].tolist()
