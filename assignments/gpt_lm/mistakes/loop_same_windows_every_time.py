"""
item: s000-5.1.9c-training
cell: s000-5_1_9c-training
caught_by: updates_use_windows_of_the_training_text
misconception: a batch is drawn once
explain: You draw one batch and train on it throughout. The model learns these windows by heart and nothing
  else of the text.
"""

def train_step(model, optimizer, tokens):
    _, loss = lm_forward(model, tokens)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def evaluate(model, batches):
    was_training = model.training
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for tokens in batches:
            predicted = tokens[:, 1:].numel()
            total += lm_forward(model, tokens)[1].item() * predicted
            count += predicted
    model.train(was_training)
    return total / count


def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.1)
    log, best, lowest = [], {}, math.inf
    same = corpus.random_windows(train_ids, length, min(batch, 2), draw).to(device)
    model.train()
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            log.append((step, evaluate(model, [seen]), evaluate(model, kept)))
            if log[-1][2] < lowest:
                lowest = log[-1][2]
                best = {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}
        if step < steps:
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, steps, rate)
            train_step(model, optimizer, same)
    return log, best
