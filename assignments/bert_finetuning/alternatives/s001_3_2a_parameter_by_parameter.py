"""
item: s001-3.2a
cell: s001-3_2a
why: a loop over names, the median by statistics
"""

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
