"""
item: s001-3.2a
cell: s001-3_2a
caught_by: only_the_head_still_requires_gradients, frozen_numbers_stay_bit_for_bit_under_decay,
  the_head_goes_on_learning, any_backbone_and_any_number_of_classes
misconception: to freeze is to freeze all
explain: You froze the head with the rest. There is nothing left that could learn.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    model.requires_grad_(False)


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
