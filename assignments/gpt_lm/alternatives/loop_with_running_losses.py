"""
item: s000-5.1.9c-training
cell: s000-5_1_9c-training
why: Adam, grad set to None by hand, evaluation by summed losses, deepcopy of the state
"""

def train_step(model, optimizer, tokens):
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    loss = lm_forward(model, tokens)[1]
    loss.backward()
    value = float(loss.detach())
    optimizer.step()
    return value


def evaluate(model, batches):
    mode = model.training
    model.train(False)
    with torch.inference_mode():
        pairs = [(lm_forward(model, w)[1], w.shape[0] * (w.shape[1] - 1)) for w in batches]
    model.train(mode)
    return float(sum(loss * count for loss, count in pairs) / sum(count for _, count in pairs))


def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    import copy

    device = next(model.parameters()).device
    generator = torch.Generator().manual_seed(1000 + seed)
    sample = corpus.windows(train_ids, length)[:50].to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    log = [(0, evaluate(model, [sample]), evaluate(model, [validation.to(device)]))]
    best = copy.deepcopy(model.state_dict())
    model.train(True)
    for done in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(done - 1, steps, rate)
        train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, generator).to(device))
        if done % every == 0 or done == steps:
            row = (done, evaluate(model, [sample]), evaluate(model, [validation.to(device)]))
            if row[2] < min(old[2] for old in log):
                best = copy.deepcopy(model.state_dict())
            log.append(row)
    return log, best
