"""
item: s001-3.2a
cell: s001-3_2a
caught_by: any_backbone_and_any_number_of_classes
misconception: the head comes last
explain: You count parameters: all but the last two. Which ones these are depends on the order in which a class
  builds its parts. Go by model.classifier.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    for parameter in list(model.parameters())[:-2]:
        parameter.requires_grad = False


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
