"""
item: s000-5.1.9c-training
cell: s000-5_1_9c-training
why: gradients cleared after the step, which leaves none behind either; looks counted by a set of steps
"""

def train_step(model, optimizer, tokens):
    optimizer.zero_grad()
    _, loss = lm_forward(model, tokens)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.detach().item()


@torch.no_grad()
def evaluate(model, batches):
    was = model.training
    model.eval()
    try:
        losses, counts = zip(*((lm_forward(model, t)[1].item(), t[:, 1:].numel()) for t in batches), strict=True)
    finally:
        model.train(was)
    return sum(a * c for a, c in zip(losses, counts, strict=True)) / sum(counts)


def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    where = next(model.parameters()).device
    rng = torch.Generator()
    rng.manual_seed(seed)
    probe = corpus.random_windows(train_ids, length, 32, torch.Generator().manual_seed(99)).to(where)
    validation = validation.to(where)
    looks = {*range(0, steps, every), steps}
    opt = torch.optim.AdamW(model.parameters(), lr=rate)
    log, snapshots = [], []
    for step in range(steps + 1):
        if step in looks:
            log.append([step, evaluate(model, [probe]), evaluate(model, list(validation.split(16)))])
            snapshots.append({k: v.clone() for k, v in model.state_dict().items()})
        if step == steps:
            break
        opt.param_groups[0]["lr"] = rate_at(step, steps, rate)
        model.train()
        train_step(model, opt, corpus.random_windows(train_ids, length, batch, rng).to(where))
    return log, snapshots[min(range(len(log)), key=lambda k: log[k][2])]
