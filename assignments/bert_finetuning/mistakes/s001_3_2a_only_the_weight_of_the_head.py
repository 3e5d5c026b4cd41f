"""
item: s001-3.2a
cell: s001-3_2a
caught_by: only_the_head_still_requires_gradients, the_head_goes_on_learning,
  any_backbone_and_any_number_of_classes
misconception: the bias hardly matters
explain: The bias of the head is frozen too. With classes as uneven as these it is half of what a head
  learns first.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    model.requires_grad_(False)
    model.classifier.weight.requires_grad_(True)


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
