"""
item: s001-3.2a
cell: s001-3_2a
why: parameters of the head told apart by identity, the median by torch's quantile
"""

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
