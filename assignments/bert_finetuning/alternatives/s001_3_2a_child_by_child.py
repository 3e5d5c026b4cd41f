"""
item: s001-3.2a
cell: s001-3_2a
why: children other than the head, then parameters that hang on the model itself; clock read once per step
"""
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
