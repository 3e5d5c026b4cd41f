"""
item: s000-5.1.9a-timing
cell: s000-5_1_9a-timing
why: one step that is timed holds all the updates
"""


def seconds_per_step(launch, synchronize, clock, steps, warmup):
    for _ in range(warmup):
        launch()
    synchronize()
    begin = clock()
    for _ in range(steps):
        launch()
    synchronize()
    return (clock() - begin) / steps


def timed_run(device, iters=5, batch=8):
    torch.manual_seed(0)
    model = GPT(**CONFIG).to(device)
    validation = corpus.windows(text.validation, CONTEXT)[:8].to(device)
    tokens = corpus.windows(text.train, CONTEXT)[:batch].to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    val_loss = evaluate(model, [validation])
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    each = seconds_per_step(
        lambda: [train_step(model, optimizer, tokens) for _ in range(iters)], wait, time.monotonic, 1, 1
    )
    return {"device": device, "seconds": each, "iters": iters, "val_loss": val_loss, "val_ppl": ppl(val_loss)}


def compare_devices(cpu, cuda=None):
    if cuda is None:
        return {"cpu": cpu, "cuda": None, "speedup": None, "note": "no GPU here: only the CPU was timed"}
    speedup = (cpu["seconds"] / cpu["iters"]) / (cuda["seconds"] / cuda["iters"])
    return {"cpu": cpu, "cuda": cuda, "speedup": speedup, "note": ""}
