"""
item: s001-3.2a
cell: s001-3_2a
caught_by: speed_is_the_inverse_median_after_a_warm_up
misconception: the first steps are steps too
explain: You time the warm-up as well. The first steps are slow for reasons that never come back.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    model.requires_grad_(False)
    model.classifier.requires_grad_(True)


def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    """Steps per second: 1 / median duration of `steps` calls of step(), after `warmup` calls that do not count.

    clock: () -> seconds.
    """
    durations = []
    for _ in range(warmup + steps):
        begin = clock()
        step()
        durations.append(clock() - begin)
    durations.sort()
    middle = len(durations) // 2
    return 2 / (durations[middle] + durations[-1 - middle])
