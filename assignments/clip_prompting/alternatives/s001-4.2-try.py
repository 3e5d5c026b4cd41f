# %% in_double_precision
"""everything by hand in float64"""
def try_caption(caption, target):
    text = clip.embed_texts([caption])[0].double()
    images = gallery_emb.double()
    cosines = images @ text / (images.norm(dim=1) * text.norm())
    weights = (clip.logit_scale * (cosines - cosines.max())).exp()
    picked = int(torch.argmax(cosines))
    before = [k for k in range(len(cosines)) if cosines[k] > cosines[target]]
    prob = (weights[picked] / weights.sum()).item()
    return {"caption": caption, "picked": picked, "prob": prob, "rank": len(before) + 1}


# %% numbers_as_tensors
"""numbers left as tensors, plus a key that nobody asked for"""
def try_caption(caption, target):
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    prob, picked = probabilities.max(dim=0)
    rank = (probabilities >= probabilities[target]).sum()
    return {"caption": caption, "picked": picked, "prob": prob, "rank": rank, "target": target}


# %% rank_counts_ties_and_is_a_float
"""numbers as floats, the caption as part of a larger dict"""
def try_caption(caption, target):
    cosines = similarity_matrix(gallery_emb, clip.embed_texts([caption]))[:, 0]
    p = torch.softmax(clip.logit_scale * cosines, dim=0)
    better = (cosines > cosines[target]).sum()
    return {"rank": 1.0 + float(better), "prob": p.max().item(), "picked": p.argmax().item(), "caption": str(caption)}


# %% rank_from_a_sorted_list
"""sorted pairs; a target given as a tensor or a number"""
def try_caption(caption, target):
    p = clip_probs(clip.embed_texts(caption), gallery_emb, clip.logit_scale).squeeze(0).tolist()
    order = sorted(range(len(p)), key=p.__getitem__, reverse=True)
    return {"caption": caption, "picked": order[0], "prob": max(p), "rank": order.index(int(target)) + 1}


# %% the_model_itself
"""logits_per_text of the model, as arrays of numpy"""
def try_caption(caption, target):
    import numpy

    read = clip.tokenizer([caption], truncation=True, max_length=clip.longest, return_tensors="pt")
    with torch.no_grad():
        text = clip.model.get_text_features(input_ids=read["input_ids"], attention_mask=read["attention_mask"])
    text = (text if isinstance(text, torch.Tensor) else text.pooler_output)[0].numpy()
    images = gallery_emb.numpy()
    logits = clip.logit_scale * (images @ text) / numpy.linalg.norm(images, axis=1) / numpy.linalg.norm(text)
    shares = numpy.exp(logits - numpy.logaddexp.reduce(logits))
    order = numpy.argsort(-shares, kind="stable")
    return {"caption": caption, "picked": order[0], "prob": shares[order[0]], "rank": numpy.flatnonzero(order == target)[0] + 1}


# %% two_digits
"""a probability rounded as it will be read in the log; an ordered dict"""
from collections import OrderedDict

def try_caption(caption, target):
    logits = clip.logit_scale * similarity_matrix(gallery_emb, clip.embed_texts([caption])).T
    p = logits.softmax(-1).reshape(-1)
    prob, picked = p.topk(1)
    return OrderedDict(rank=torch.count_nonzero(p > p[target]) + 1, caption=caption, picked=picked, prob=round(prob.item(), 2))


# %% with_a_transposed_table
"""the table of similarities with pictures as lines, softmax over them, rank by sorting"""
def try_caption(caption, target):
    probabilities = torch.softmax(clip.logit_scale * similarity_matrix(gallery_emb, clip.embed_texts(caption)), dim=0)[:, 0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": probabilities.argsort(descending=True).tolist().index(target) + 1,
    }
