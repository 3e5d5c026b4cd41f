# %% mask_from_the_padding
"""the mask read off the padded ids, sentences sorted by length, inference_mode"""
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


# %% mode_put_back
"""predict puts the mode back; a new generator per epoch; cross-entropy outside of the model"""
def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
    """
    was = model.training
    model.eval()
    answers = []
    with torch.no_grad():
        for start in range(0, len(sentences), batch):
            inputs = collate([(ids, 0) for ids in sentences[start : start + batch]], pad_id)
            del inputs["labels"]
            answers.append(model(**inputs)[0].argmax(dim=-1))
    model.train(was)
    return torch.cat(answers)

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
    for epoch in range(epochs):
        order = torch.Generator().manual_seed(1000 * seed + epoch)
        model.train()
        total = 0.0
        for chosen in torch.randperm(len(train), generator=order).split(batch):
            inputs = collate([train[i] for i in chosen], pad_id)
            labels = inputs.pop("labels")
            loss = F.cross_entropy(model(**inputs)[0], labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        hit = predict(model, sentences, pad_id) == right
        history.append((total / len(train), hit.double().mean().item()))
    return history


# %% padded_by_torch
"""pad_sequence and the loss computed from the logits"""
def collate(pairs, pad_id):
    """A batch from pairs (list of ids, label): a dict of int64 tensors, ready for the model.

    input_ids, attention_mask: (b, longest), padded on the right with pad_id, mask 1 where real; labels: (b,).
    """
    from torch.nn.utils.rnn import pad_sequence

    rows = [torch.tensor(list(ids)) for ids, _ in pairs]
    return {
        "input_ids": pad_sequence(rows, batch_first=True, padding_value=pad_id),
        "attention_mask": pad_sequence([torch.ones_like(row) for row in rows], batch_first=True),
        "labels": torch.tensor([int(label) for _, label in pairs], dtype=torch.long),
    }

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
            inputs = collate([train[i] for i in chosen], pad_id)
            targets = inputs.pop("labels")
            loss = F.cross_entropy(model(**inputs)[0], targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chosen)
        hit = predict(model, sentences, pad_id) == right
        history.append((total / len(train), hit.double().mean().item()))
    return history


# %% sentence_by_sentence
"""predicts one sentence at a time, which needs no padding, and returns a list; sums losses per item"""
def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
    """
    model.eval()
    answers = []
    with torch.no_grad():
        for ids in sentences:
            one = torch.tensor([ids])
            answers.append(model(input_ids=one, attention_mask=torch.ones_like(one))[0].argmax(dim=-1))
    return torch.cat(answers)


# %% shuffled_by_python
"""Python's own generator shuffles; gradients are cleared after the step; mode put back after predicting"""
def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
    """
    was = model.training
    model.eval()
    answers = []
    with torch.no_grad():
        for start in range(0, len(sentences), batch):
            inputs = collate([(ids, 0) for ids in sentences[start : start + batch]], pad_id)
            del inputs["labels"]
            answers.append(model(**inputs)[0].argmax(dim=-1))
    model.train(was)
    return torch.cat(answers)

def fine_tune(model, train, validation, pad_id, *, epochs, batch, rate, seed):
    """Train the model in place and keep what it is after the last epoch.

    train, validation: pairs; each epoch uses every training pair once, `batch` at a time, in a new order that
    `seed` alone decides. The lists stay as they are, and so do parameters that do not require gradients.
    Returns one (loss, accuracy) per epoch: mean training loss per item, as met on the way; validation accuracy after it.
    """
    import random

    shuffler, numbers = random.Random(seed), list(range(len(train)))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate)
    sentences, right = [ids for ids, _ in validation], torch.tensor([label for _, label in validation])
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        shuffler.shuffle(numbers)
        for start in range(0, len(numbers), batch):
            chosen = numbers[start : start + batch]
            loss = model(**collate([train[i] for i in chosen], pad_id))[1]
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item() * len(chosen)
        hit = predict(model, sentences, pad_id) == right
        history.append((total / len(train), hit.double().mean().item()))
    return history


# %% with_a_data_loader
"""a DataLoader shuffles and batches; the optimiser gets all parameters"""
def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
    """
    model.eval()
    answers = []
    with torch.no_grad():
        for start in range(0, len(sentences), batch):
            inputs = collate([(ids, 1) for ids in sentences[start : start + batch]], pad_id)
            del inputs["labels"]
            answers.append(model(**inputs)[0].argmax(dim=-1))
    return torch.cat(answers)

def fine_tune(model, train, validation, pad_id, *, epochs, batch, rate, seed):
    """Train the model in place and keep what it is after the last epoch.

    train, validation: pairs; each epoch uses every training pair once, `batch` at a time, in a new order that
    `seed` alone decides. The lists stay as they are, and so do parameters that do not require gradients.
    Returns one (loss, accuracy) per epoch: mean training loss per item, as met on the way; validation accuracy after it.
    """
    from torch.utils.data import DataLoader

    loader = DataLoader(train, batch, shuffle=True, generator=torch.Generator().manual_seed(seed),
                        collate_fn=lambda pairs: collate(pairs, pad_id))
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    sentences, right = [ids for ids, _ in validation], torch.tensor([label for _, label in validation])
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for inputs in loader:
            loss = model(**inputs)[1]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs["labels"])
        hit = predict(model, sentences, pad_id) == right
        history.append((total / len(train), hit.double().mean().item()))
    return history
