"""
item: s000-5.1.9c-training
cell: s000-5_1_9c-training
why: matrices and vectors have an optimizer each, and something with zero_grad and step holds both
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


class Both:
    def __init__(self, *parts):
        self.parts = parts

    def zero_grad(self):
        for part in self.parts:
            part.zero_grad()

    def step(self):
        for part in self.parts:
            part.step()


def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    kinds = [torch.optim.AdamW(matrices, lr=rate)] + ([torch.optim.Adam(vectors, lr=rate)] if vectors else [])
    optimizer = Both(*kinds)
    log, best, lowest = [], {}, math.inf
    model.train()
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            log.append((step, evaluate(model, [seen]), evaluate(model, kept)))
            if log[-1][2] < lowest:
                lowest = log[-1][2]
                best = {name: tensor.detach().cpu().clone() for name, tensor in model.state_dict().items()}
        if step < steps:
            for group in (group for kind in kinds for group in kind.param_groups):
                group["lr"] = rate_at(step, steps, rate)
            train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, draw).to(device))
    return log, best
