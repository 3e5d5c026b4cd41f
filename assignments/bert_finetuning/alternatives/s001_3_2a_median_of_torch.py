"""
item: s001-3.2a
cell: s001-3_2a
why: torch's median, which is the lower of two middle ones; one reading of the clock per step
"""

def freeze(model):
    kept = {id(p) for p in model.classifier.parameters()}
    for module in model.modules():
        for p in module.parameters(recurse=False):
            p.requires_grad = id(p) in kept
    return model


def throughput(step, warmup=3, steps=20, clock=time.perf_counter):
    for _ in range(warmup):
        step()
    durations, last = [], clock()
    for _ in range(steps):
        step()
        now = clock()
        durations.append(now - last)
        last = now
    return 1.0 / float(torch.tensor(durations, dtype=torch.float64).median())
