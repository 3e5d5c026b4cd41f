"""
item: s001-3.2a
cell: s001-3_2a
caught_by: only_the_head_still_requires_gradients, frozen_numbers_stay_bit_for_bit_under_decay,
  any_backbone_and_any_number_of_classes
misconception: the encoder is all of BERT
explain: The embeddings are still trained. They belong to the backbone too, and hold a large share of its
  weights.
"""

def freeze(model):
    """Freeze everything but model.classifier, in place. Returns None or the model."""
    for name, p in model.named_parameters():
        p.requires_grad_("embeddings" in name or name.startswith("classifier."))


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
