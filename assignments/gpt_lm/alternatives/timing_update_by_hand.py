"""
item: s000-5.1.9a-timing
cell: s000-5_1_9a-timing
why: the update is written out, gradient descent by hand without an optimizer of PyTorch, on a clock of another name
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
    val_loss = evaluate(model, [validation])

    def update():
        loss = lm_forward(model, tokens)[1]
        for p, slope in zip(model.parameters(), torch.autograd.grad(loss, list(model.parameters())), strict=True):
            p.data -= 0.1 * slope

    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    each = seconds_per_step(update, wait, time.time, iters, 2)
    return {"device": device, "seconds": each * iters, "iters": iters, "val_loss": val_loss, "val_ppl": ppl(val_loss)}


def compare_devices(cpu, cuda=None):
    if cuda is None:
        return {"cpu": cpu, "cuda": None, "speedup": None, "note": "no GPU here: only the CPU was timed"}
    speedup = (cpu["seconds"] / cpu["iters"]) / (cuda["seconds"] / cuda["iters"])
    return {"cpu": cpu, "cuda": cuda, "speedup": speedup, "note": ""}
