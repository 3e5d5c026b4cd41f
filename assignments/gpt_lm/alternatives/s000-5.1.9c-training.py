# %% loop_accumulated_over_halves
"""the gradient of a batch in two parts, each divided by its share of the predictions, is the gradient of the whole"""
def train_step(model, optimizer, tokens):
    optimizer.zero_grad()
    whole = 0.0
    for part in tokens.split((len(tokens) + 1) // 2):
        loss = lm_forward(model, part)[1] * (len(part) / len(tokens))
        loss.backward()
        whole += loss.item()
    optimizer.step()
    return whole


# %% loop_best_put_back_into_the_model
"""at the end the model itself has the best weights"""
def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
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
    model.load_state_dict(best)
    return log, best


# %% loop_clipped_at_a_quarter
"""clips the gradient's norm at 0.25"""
def train_step(model, optimizer, tokens):
    _, loss = lm_forward(model, tokens)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.25)
    optimizer.step()
    return loss.item()


# %% loop_constant_rate
"""another schedule: the rate stays what it is"""
def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
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
            for _group in optimizer.param_groups:
                pass
            train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, draw).to(device))
    return log, best


# %% loop_gradient_descent_with_momentum
"""SGD with momentum, at a rate that makes up for it"""
def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
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
                group["lr"] = 50 * rate_at(step, steps, rate)
            train_step(model, optimizer, corpus.random_windows(train_ids, length, batch, draw).to(device))
    return log, best


# %% loop_loss_read_before_the_step
"""works the loss out once for the result and once for the gradient"""
def train_step(model, optimizer, tokens):
    before = lm_forward(model, tokens)[1].item()
    _, loss = lm_forward(model, tokens)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return before


# %% loop_seeds_the_global_generator
"""torch.manual_seed in place of a generator of its own"""
def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    torch.manual_seed(seed)
    draw = None
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
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


# %% loop_shuffled_windows_side_by_side
"""draws from the windows side by side, in random order"""
def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    draw = torch.Generator().manual_seed(seed)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
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
            train_step(
                model,
                optimizer,
                corpus.windows(train_ids, length)[
                    torch.randperm(len(corpus.windows(train_ids, length)), generator=draw)[:batch]
                ].to(device),
            )
    return log, best


# %% loop_two_optimizers_as_one
"""matrices and vectors have an optimizer each, and something with zero_grad and step holds both"""
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


# %% loop_weights_kept_as_lists_of_rows
"""gradients cleared after the step, which leaves none behind either; looks counted by a set of steps"""
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


# %% loop_windows_by_pythons_random
"""the starts of windows come from Python's own generator"""
def train(model, train_ids, validation, *, steps, batch, length, rate, every, seed=0):
    device = next(model.parameters()).device
    import random as rnd

    rng = rnd.Random(seed)
    draw = torch.Generator().manual_seed(0)
    seen = corpus.random_windows(train_ids, length, 64, draw).to(device)
    kept = validation.to(device).split(64)
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
            train_step(
                model,
                optimizer,
                torch.stack(
                    [
                        train_ids[i : i + length + 1]
                        for i in (rng.randrange(len(train_ids) - length) for _ in range(batch))
                    ]
                ).to(device),
            )
    return log, best


# %% loop_with_a_scheduler_and_groups
"""Adam with two groups of parameters and PyTorch's own scheduler; float64 sums in inference mode"""
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


# %% loop_with_running_losses
"""Adam, grad set to None by hand, evaluation by summed losses, deepcopy of the state"""
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
