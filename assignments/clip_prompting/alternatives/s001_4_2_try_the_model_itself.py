"""
item: s001-4.2-try
cell: s001-4_2-try
why: logits_per_text of the model, as arrays of numpy
"""

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
