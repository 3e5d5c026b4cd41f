"""
item: s001-4.1-zeroshot
cell: s001-4_1-zeroshot
why: the logits of the model, from its own processor and tokenizer
"""

def zero_shot(pictures, captions):
    texts = clip.tokenizer(list(captions), padding=True, return_tensors="pt")
    pixels = clip.processor(images=list(pictures), return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        out = clip.model(input_ids=texts["input_ids"], attention_mask=texts["attention_mask"], pixel_values=pixels)
    return out.logits_per_image.topk(1, dim=1).indices[:, 0].tolist()
