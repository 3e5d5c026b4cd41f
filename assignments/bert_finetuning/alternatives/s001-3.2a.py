# %% by_identity
"""parameters of the head told apart by identity, the median by torch's quantile"""
def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    head = {id(p) for p in model.classifier.parameters()}
    for p in model.parameters():
        if id(p) not in head:
            p.requires_grad_(False)

def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    """Steps per second: 1 / median duration of `steps` calls of step(), after `warmup` calls that do not count.

    clock: () -> seconds.
    """
    for _ in range(warmup):
        step()
    durations = []
    for _ in range(steps):
        begin = clock()
        step()
        durations.append(clock() - begin)
    return 1 / float(torch.tensor(durations, dtype=torch.float64).quantile(0.5))


# %% child_by_child
"""children other than the head, then parameters that hang on the model itself; clock read once per step"""
import itertools

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    for name, child in model.named_children():
        for p in child.parameters():
            p.requires_grad_(name == "classifier")
    for p in model.parameters(recurse=False):
        p.requires_grad_(False)

def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    """Steps per second: 1 / median duration of `steps` calls of step(), after `warmup` calls that do not count.

    clock: () -> seconds.
    """
    for _ in range(warmup):
        step()
    durations = []
    marks = [clock()]
    for _ in range(steps):
        step()
        marks.append(clock())
    durations = [late - early for early, late in itertools.pairwise(marks)]
    durations.sort()
    middle = len(durations) // 2
    return 2 / (durations[middle] + durations[-1 - middle])


# %% median_of_torch
"""torch's median, which is the lower of two middle ones; one reading of the clock per step"""
def freeze(model):
    kept = {id(p) for p in model.classifier.parameters()}
    for module in model.modules():
        for p in module.parameters(recurse=False):
            p.requires_grad = id(p) in kept
    return model

def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    for _ in range(warmup):
        step()
    durations, last = [], clock()
    for _ in range(steps):
        step()
        now = clock()
        durations.append(now - last)
        last = now
    return 1.0 / float(torch.tensor(durations, dtype=torch.float64).median())


# %% parameter_by_parameter
"""a loop over names, the median by statistics"""
def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    for name, p in model.named_parameters():
        p.requires_grad = name.split(".")[0] == "classifier"
    return model

def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    """Steps per second: 1 / median duration of `steps` calls of step(), after `warmup` calls that do not count.

    clock: () -> seconds.
    """
    for _ in range(warmup):
        step()
    durations = []
    for _ in range(steps):
        begin = clock()
        step()
        durations.append(clock() - begin)
    import statistics

    return 1.0 / statistics.median(durations)


# %% upper_middle
"""the upper of two middle durations; all steps timed, the first ones cut off"""
def freeze(model):
    kept = {id(p) for p in model.classifier.parameters()}
    for module in model.modules():
        for p in module.parameters(recurse=False):
            p.requires_grad = id(p) in kept
    return model

def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    durations = []
    for _ in range(warmup + steps):
        begin = clock()
        step()
        durations.append(clock() - begin)
    return 1 / sorted(durations[warmup:])[steps // 2]
