"""
item: s001-3.2a
cell: s001-3_2a
caught_by: freezing_does_not_change_the_answers
misconception: a new task needs a new head
explain: You put a new head in place of the old one. Freezing should leave every number as it is.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    old = model.classifier
    model.requires_grad_(False)
    torch.manual_seed(0)
    model.classifier = nn.Linear(old.in_features, old.out_features).to(old.weight.dtype)


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
