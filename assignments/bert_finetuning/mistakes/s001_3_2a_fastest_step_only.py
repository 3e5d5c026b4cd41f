"""
item: s001-3.2a
cell: s001-3_2a
caught_by: speed_is_the_inverse_median_after_a_warm_up
misconception: the best time is the true one
explain: You take the fastest step. It shows what the machine can do at its luckiest, not what it does.
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
    return 1 / min(durations)
