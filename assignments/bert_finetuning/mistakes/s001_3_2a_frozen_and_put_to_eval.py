"""
item: s001-3.2a
cell: s001-3_2a
caught_by: freezing_does_not_change_the_answers
misconception: a frozen model is in eval mode
explain: You froze the right weights and also switched the model to eval mode. Whether dropout acts is
  another decision, and not this function's.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    model.requires_grad_(False)
    model.classifier.requires_grad_(True)
    model.eval()


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
    durations.sort()
    middle = len(durations) // 2
    return 2 / (durations[middle] + durations[-1 - middle])
