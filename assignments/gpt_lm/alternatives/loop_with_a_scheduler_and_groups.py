"""
item: s000-5.1.9c-training
cell: s000-5_1_9c-training
why: Adam with two groups of parameters and PyTorch's own scheduler; float64 sums in inference mode
"""


def train_step(model, optimizer, tokens):
    _, loss = lm_forward(model, tokens)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def evaluate(model, batches):
    mode = model.training
    try:
        model.eval()
        with torch.inference_mode():
            sums, numbers = [], []
            for tokens in batches:
                logits = model(tokens[:, :-1])
                sums.append(
                    float(F.cross_entropy(logits.flatten(0, 1).double(), tokens[:, 1:].flatten(), reduction="sum"))
                )
                numbers.append(tokens[:, 1:].numel())
    finally:
        model.train(mode)
    return math.fsum(sums) / sum(numbers)


def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    where = next(iter(model.parameters())).device
    draw, draw_fixed = torch.Generator(), torch.Generator()
    draw.manual_seed(seed)
    draw_fixed.manual_seed(seed + 1)
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.Adam([{"params": matrices}, {"params": vectors}], lr=rate, betas=(0.9, 0.95))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate_at(step, steps, rate) / rate)
    probe = [corpus.random_windows(train_ids, length, 32, draw_fixed).to(where) for _ in range(2)]
    checks = [part.to(where) for part in torch.split(validation, 32)]
    best, log = {}, []
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            row = (step, evaluate(model, probe), evaluate(model, checks))
            if all(row[2] < earlier[2] for earlier in log):
                best = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            log.append(row)
        if step == steps:
            break
        model.train()
        train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, draw).to(where))
        schedule.step()
    return log, best
