"""
item: s001-3.2a
cell: s001-3_2a
caught_by: any_backbone_and_any_number_of_classes
misconception: what is called classifier somewhere is the head
explain: You leave open whatever has the word classifier in its name. Some backbones have a layer called
  pre_classifier: it should be frozen too. The head is model.classifier.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad = "classifier" in name


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
