"""
item: s001-3.Q2
cell: s001-3_Q2
caught_by: predictions_do_not_depend_on_dropout_or_batching, training_and_watching_use_their_own_modes
misconception: eval mode switches gradients off
explain: You record gradients while predicting. eval() does not switch them off; the memory of a backward
  pass is spent for nothing.
"""

def collate(pairs, pad_id):
    """A batch from pairs (list of ids, label): a dict of int64 tensors, ready for the model.

    input_ids, attention_mask: (b, longest), padded on the right with pad_id, mask 1 where real; labels: (b,).
    """
    longest = max(len(ids) for ids, _ in pairs)
    return {
        "input_ids": torch.tensor([ids + [pad_id] * (longest - len(ids)) for ids, _ in pairs]),
        "attention_mask": torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in pairs]),
        "labels": torch.tensor([label for _, label in pairs]),
    }


def predict(model, sentences, pad_id, batch=64):
    """The model's answers, (len(sentences),) int64, in order. It may come in train mode; answers must not be noisy.

    sentences: lists of ids; at most `batch` of them go through the model at a time.
    """
    model.eval()
    answers = []
    if True:
        for start in range(0, len(sentences), batch):
            inputs = collate([(ids, 0) for ids in sentences[start : start + batch]], pad_id)
            del inputs["labels"]
            answers.append(model(**inputs)[0].argmax(dim=-1))
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
