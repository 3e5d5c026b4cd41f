"""
item: s001-3.2a
cell: s001-3_2a
caught_by: any_backbone_and_any_number_of_classes
misconception: every backbone is called bert
explain: You freeze what is called bert. Another backbone has other names: go by what is not the head.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    for name, p in model.named_parameters():
        if name.startswith("bert."):
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
    durations.sort()
    middle = len(durations) // 2
    return 2 / (durations[middle] + durations[-1 - middle])
