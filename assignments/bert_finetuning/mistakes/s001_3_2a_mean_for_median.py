"""
item: s001-3.2a
cell: s001-3_2a
caught_by: speed_is_the_inverse_median_after_a_warm_up
misconception: the average step is the typical one
explain: You average the durations. One step during which the machine did something else then spoils the
  result; the median does not notice it.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    model.requires_grad_(False)
    model.classifier.requires_grad_(True)


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
    return len(durations) / sum(durations)
