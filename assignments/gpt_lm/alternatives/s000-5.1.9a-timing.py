# %% timing_all_updates_as_one_step
"""one step that is timed holds all the updates"""
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


# %% timing_new_windows_for_each_update
"""draws new windows for each update"""
def timed_run(device, iters=5, batch=8):
    torch.manual_seed(0)
    model = GPT(**CONFIG).to(device)
    validation = corpus.windows(text.validation, CONTEXT)[:8].to(device)
    corpus.windows(text.train, CONTEXT)[:batch].to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    val_loss = evaluate(model, [validation])
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    each = seconds_per_step(
        lambda: train_step(model, optimizer, corpus.random_windows(text.train, CONTEXT, batch).to(device)),
        wait,
        time.perf_counter,
        iters,
        2,
    )
    return {"device": device, "seconds": each * iters, "iters": iters, "val_loss": val_loss, "val_ppl": ppl(val_loss)}


# %% timing_ratio_of_rates
"""updates per second on each device, and their ratio"""
def timed_run(device, iters=5, batch=8):
    torch.manual_seed(0)
    model = GPT(**CONFIG).to(device)
    validation = corpus.windows(text.validation, CONTEXT)[:8].to(device)
    tokens = corpus.windows(text.train, CONTEXT)[:batch].to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    val_loss = evaluate(model, [validation])
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    for _ in range(2):
        train_step(model, optimizer, tokens)
    each = seconds_per_step(lambda: train_step(model, optimizer, tokens), wait, time.perf_counter, iters, 0)
    return {"device": device, "seconds": each * iters, "iters": iters, "val_loss": val_loss, "val_ppl": ppl(val_loss)}

def compare_devices(cpu, cuda=None):
    if cuda is None:
        return {"cpu": cpu, "cuda": None, "speedup": None, "note": "no GPU here: only the CPU was timed"}
    speedup = (cuda["iters"] / cuda["seconds"]) / (cpu["iters"] / cpu["seconds"])
    return {"cpu": cpu, "cuda": cuda, "speedup": speedup, "note": ""}


# %% timing_sum_of_single_steps
"""adds up the readings of single steps, each waited for"""
def seconds_per_step(launch, synchronize, clock, steps, warmup):
    for _ in range(warmup):
        launch()
    synchronize()
    spent = 0.0
    for _ in range(steps):
        begin = clock()
        launch()
        synchronize()
        spent += clock() - begin
    return spent / steps


# %% timing_update_by_hand
"""the update is written out, gradient descent by hand without an optimizer of PyTorch, on a clock of another name"""
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


# %% timing_waiting_after_each_step
"""waiting after each step costs a little overlap, but the steps are timed to their end; more entries than asked
for"""
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
    each = seconds_per_step(lambda: train_step(model, optimizer, tokens), wait, time.perf_counter, iters, 2)
    return {"device": device, "seconds": each * iters, "iters": iters, "val_loss": val_loss, "val_ppl": ppl(val_loss), "batch": batch}


# %% timing_with_a_helper
"""a list of readings, device strings compared by their beginning"""
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
