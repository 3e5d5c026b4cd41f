"""
item: s001-3.Q2
cell: s001-3_Q2
why: the mask read off the padded ids, sentences sorted by length, inference_mode
"""

def collate(pairs, pad_id):
    """A batch from pairs (list of ids, label): a dict of int64 tensors, ready for the model.

    input_ids, attention_mask: (b, longest), padded on the right with pad_id, mask 1 where real; labels: (b,).
    """
    longest = max(len(ids) for ids, _ in pairs)
    input_ids = torch.tensor([ids + [pad_id] * (longest - len(ids)) for ids, _ in pairs])
    labels = torch.tensor([label for _, label in pairs])
    return {"input_ids": input_ids, "attention_mask": (input_ids != pad_id).long(), "labels": labels}


def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
    """
    model.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    answers = torch.empty(len(sentences), dtype=torch.int64)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        inputs = collate([(sentences[i], 0) for i in rows], pad_id)
        with torch.inference_mode():
            logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])[0]
        answers[rows] = logits.max(dim=1).indices
    return answers


def fine_tune(model, train, validation, pad_id, *, epochs, batch, rate, seed):
    """Train the model in place and keep what it is after the last epoch.

    train, validation: pairs; each epoch uses every training pair once, `batch` at a time, in a new order that
    `seed` alone decides. The lists stay as they are, and so do parameters that do not require gradients.
    Returns one (loss, accuracy) per epoch: mean training loss per item, as met on the way; validation accuracy after it.
    """
    order = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate)
    sentences, right = [ids for ids, _ in validation], torch.tensor([label for _, label in validation])
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for chosen in torch.randperm(len(train), generator=order).split(batch):
            loss = model(**collate([train[i] for i in chosen], pad_id))[1]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        hit = predict(model, sentences, pad_id) == right
        history.append((total / len(train), hit.double().mean().item()))
    return history
