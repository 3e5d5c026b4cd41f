"""
item: s000-5.1.9a-timing
cell: s000-5_1_9a-timing
why: a list of readings, device strings compared by their beginning
"""

def seconds_per_step(launch, synchronize, clock, steps, warmup):
    def run(count):
        for _ in range(count):
            launch()
        synchronize()
        return clock()

    begin = run(warmup)
    return (run(steps) - begin) / steps


def timed_run(device, iters=5, batch=8):
    torch.manual_seed(0)
    model = GPT(**CONFIG).to(device)
    val_loss = evaluate(model, [corpus.windows(text.validation, CONTEXT)[:8].to(device)])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    generator = torch.Generator().manual_seed(0)
    tokens = corpus.random_windows(text.train, CONTEXT, batch, generator).to(device)

    def wait():
        if str(device).startswith("cuda"):
            torch.cuda.synchronize()

    seconds = iters * seconds_per_step(lambda: train_step(model, optimizer, tokens), wait, time.perf_counter, iters, 3)
    perplexity = math.exp(val_loss)
    return {"device": device, "seconds": seconds, "iters": iters, "val_loss": val_loss, "val_ppl": perplexity}


def compare_devices(cpu, cuda=None):
    result = {"cpu": cpu, "cuda": cuda, "speedup": None, "note": "This machine has no GPU, so there is no GPU half."}
    if cuda:
        result["speedup"] = cpu["seconds"] * cuda["iters"] / (cuda["seconds"] * cpu["iters"])
        result["note"] = ""
    return result
