"""
item: s001-3.2a
cell: s001-3_2a
why: the upper of two middle durations; all steps timed, the first ones cut off
"""

def freeze(model):
    kept = {id(p) for p in model.classifier.parameters()}
    for module in model.modules():
        for p in module.parameters(recurse=False):
            p.requires_grad = id(p) in kept
    return model


def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    durations = []
    for _ in range(warmup + steps):
        begin = clock()
        step()
        durations.append(clock() - begin)
    return 1 / sorted(durations[warmup:])[steps // 2]
