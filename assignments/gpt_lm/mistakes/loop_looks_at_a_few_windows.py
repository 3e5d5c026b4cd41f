"""
item: s000-5.1.9c-training
cell: s000-5_1_9c-training
caught_by: the_log_has_its_rows
misconception: the first windows stand for all
explain: You measure the first 32 validation windows only. best then depends on them, and the log is not that of
  `validation`.
"""


def train_step(model, optimizer, tokens):
    _, loss = lm_forward(model, tokens)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
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
    kept = [validation[:32].to(device)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.1)
    log, best, lowest = [], {}, math.inf
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
            train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, draw).to(device))
    return log, best
