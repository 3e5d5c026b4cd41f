"""
item: s001-3.2a
cell: s001-3_2a
caught_by: only_the_head_still_requires_gradients, frozen_numbers_stay_bit_for_bit_under_decay,
  any_backbone_and_any_number_of_classes
misconception: functions return new objects
explain: You froze a copy and returned it. The caller's model is as it was, and it is the one that gets
  trained.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    import copy

    other = copy.deepcopy(model)
    other.requires_grad_(False)
    other.classifier.requires_grad_(True)
    return other


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
