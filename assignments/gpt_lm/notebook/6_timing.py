# %% [markdown]
# # Part 5: CPU against GPU
#
# **Why.** A published answer reports 61.11 s on a CPU and 3.65 s on a GPU for the same short run. Such numbers are easily wrong, in two
# ways. A call that starts work on a GPU **returns at once**; whoever reads the clock then has timed the *starting*, not the
# work. And the **first** calls are slower than all later ones: libraries are loaded, memory is reserved, kernels are chosen.
#
# **The idea.** Warm up first. Then wait for the device, read the clock, do the steps, *wait again*, and read the clock.
#
# `stopwatch.Rehearsal` pretends to be such a device, with a clock of its own, so that you know the right answer:

# %% figure="rehearsal"
device = stopwatch.Rehearsal(each=1.0, warmups=2, extra=30.0, overhead=0.01)
before = device.clock()
device.launch()
print(f"after launching one step of work the clock has moved by {device.clock() - before:.2f} s")
device.synchronize()
print(f"when the work was done, by {device.clock() - before:.2f} s: the first two steps are slow")

# %% [markdown]
# **Your task** (s000-5.1.9a, third part).
#
# - `seconds_per_step`: as above. `warmup` steps that do not count, then `steps` that do.
# - `timed_run`: a fresh `GPT(**CONFIG)` built right after `torch.manual_seed(0)`, moved to `device`; its validation loss *before* the
#   first update; then the seconds for `iters` updates (in all, not per update), timed with `seconds_per_step` and warm-up steps. A step is
#   a whole update, always by the same optimizer.
#   On a GPU `synchronize` is `torch.cuda.synchronize`; a CPU has nothing to wait for.
# - `compare_devices`: both runs side by side. `speedup` says how many times longer one update takes on the CPU. Without a GPU run it
#   is `None`, and `note` says so in a sentence; with one, `note` is `""`.


# %% answer="s000-5.1.9a-timing"
def seconds_per_step(
    launch: Callable[[], object],
    synchronize: Callable[[], object],
    clock: Callable[[], float],
    steps: int,
    warmup: int,
) -> float:
    """Seconds that one step of work takes, averaged over `steps` steps after `warmup` steps that do not count.

    launch(): starts one step; synchronize(): returns when all work is done; clock(): the time in seconds.
    """
    ### BEGIN SOLUTION
    for _ in range(warmup):
        launch()
    synchronize()
    begin = clock()
    for _ in range(steps):
        launch()
    synchronize()
    return (clock() - begin) / steps
    ### END SOLUTION


def timed_run(device: str, iters: int = 5, batch: int = 8) -> dict[str, object]:
    """A short run of GPT(**CONFIG) on `device` ("cpu" or "cuda"), on `batch` windows of text.train.

    Returns a dict: device, seconds (of `iters` updates, in all), iters, val_loss (before the first update, on the first 8
    validation windows, nats per token), val_ppl.
    """
    ### BEGIN SOLUTION
    torch.manual_seed(0)
    model = GPT(**CONFIG).to(device)
    validation = corpus.windows(text.validation, CONTEXT)[:8].to(device)
    tokens = corpus.windows(text.train, CONTEXT)[:batch].to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    val_loss = evaluate(model, [validation])
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    each = seconds_per_step(lambda: train_step(model, optimizer, tokens), wait, time.perf_counter, iters, 2)
    return {"device": device, "seconds": each * iters, "iters": iters, "val_loss": val_loss, "val_ppl": ppl(val_loss)}
    ### END SOLUTION


def compare_devices(cpu: dict, cuda: dict | None = None) -> dict[str, object]:
    """Two results of timed_run, or one: {"cpu": ..., "cuda": ... or None, "speedup": ... or None, "note": ...}.

    The runs may have different numbers of iterations.
    """
    ### BEGIN SOLUTION
    if cuda is None:
        return {"cpu": cpu, "cuda": None, "speedup": None, "note": "no GPU here: only the CPU was timed"}
    speedup = (cpu["seconds"] / cpu["iters"]) / (cuda["seconds"] / cuda["iters"])
    return {"cpu": cpu, "cuda": cuda, "speedup": speedup, "note": ""}
    ### END SOLUTION


# %% locked="comparison"
def run_comparison():
    cuda = timed_run("cuda", iters=50, batch=4) if torch.cuda.is_available() else None
    return compare_devices(timed_run("cpu", iters=3, batch=4), cuda)


def print_comparison(comparison):
    """A printout in the form of the published one."""
    print(f"{count_params(CONFIG) / 1e6:.2f}M parameters (without the head)")
    for run in filter(None, (comparison["cpu"], comparison["cuda"])):
        loss, perplexity = run["val_loss"], run["val_ppl"]
        print(f"{run['device']}: iter 0 validation loss {loss:.5f} ppl {perplexity:.3f}, {run['iters']} iters {run['seconds']:.2f} s")
    print(comparison["note"] or f"one update takes {comparison['speedup']:.1f} times longer on the CPU")


cpu_gpu_comparison = attempt("the comparison", run_comparison)
if cpu_gpu_comparison:
    attempt("the printout", lambda: print_comparison(cpu_gpu_comparison))

# %% tests="s000-5.1.9a-timing"
def public_tests_timing():
    device = stopwatch.Rehearsal(each=2.0, warmups=1, extra=100.0)
    got = seconds_per_step(device.launch, device.synchronize, device.clock, steps=4, warmup=3)
    assert device.launches == 7, f"3 warm-up steps and 4 that count make 7, not {device.launches}"
    assert got > 0, "launching takes no time here: did you wait for the work?"
    assert abs(got - 2.0) < 1e-9, "one step takes 2 seconds on this device"
    quick = stopwatch.Rehearsal(each=2e-5, warmups=0)
    got = seconds_per_step(quick.launch, quick.synchronize, quick.clock, steps=3, warmup=0)
    assert abs(got / 2e-5 - 1) < 1e-6, "one step takes 20 microseconds on this one: keep all digits"
    run = timed_run("cpu", iters=2, batch=2)
    assert set(run) == {"device", "seconds", "iters", "val_loss", "val_ppl"}, "the five keys of the docstring"
    assert run["iters"] == 2 and run["device"] == "cpu" and run["seconds"] > 0
    assert abs(math.log(run["val_ppl"]) - run["val_loss"]) < 1e-4, "val_ppl is the perplexity of val_loss"
    assert compare_devices(run)["cuda"] is None and compare_devices(run)["note"], "without a GPU run, a note says so"
    fast = {**run, "device": "cuda", "seconds": run["seconds"] / 4}
    assert abs(compare_devices(run, fast)["speedup"] - 4) < 1e-9, "a quarter of the time is a speedup of 4"
    print("public tests of part 5 passed")


public_tests_timing()

# %% [markdown]
# ## Where does the time go?
#
# Two rules of thumb can be read off your own count. Per token, a block multiplies by each of its matrices once: as many products
# as it has weights, about $12 d^2$. Attention adds what no matrix holds: a score with each of the $n$ words of the window and a
# weighted sum of as many values, $2 n d$ products (those that the mask throws away are computed too). So attention's square
# overtakes the matrices at $12 d^2 = 2 n d$, which is $n = 6 d$ words. Is that what your `seconds_per_step` measures?
#
# On the left, seconds per token of a forward pass, by width and batch. On the right, the time of attention's square over that of
# the matrices, against the length of the window, measured and by count; a ring marks the crossover. The clock is
# `time.process_time`, which stands still while other programs have the processor.

# %% figure="picture-timing"
def cpu_seconds(work, least=0.04):
    """Seconds per call, over as many calls as take `least` seconds: some clocks of this kind tick a hundred times a second."""
    steps, each = 1, 0.0
    with torch.no_grad():
        while each * steps < least and steps < 5000:
            steps *= 3
            each = seconds_per_step(work, lambda: None, time.process_time, steps, 1)
    return max(each, 1e-9)


def time_per_token(d, batch, n=64):
    model = GPT(vocab=text.size, context=n, d=d, layers=2, heads=4)
    ids = corpus.windows(text.train, n)[:batch, :n]
    return cpu_seconds(lambda: model(ids)) / ids.numel()


def ratios_of(d, heads=4, lengths=(16, 32, 64, 128, 256, 512, 1024)):
    """(words, time of attention's square over time of the matrices), measured, and by count of weights."""
    block = Block(d, heads)
    shape = {"vocab": 1, "context": 1, "d": d, "heads": heads}
    weights = count_params({**shape, "layers": 1}) - count_params({**shape, "layers": 0})
    measured, predicted = [], []
    for n in lengths:
        x = torch.randn(1, n, d)
        layers = [*(getattr(block.attention, name) for name in "QKVO"), block.mlp]
        matrices = cpu_seconds(lambda x=x, layers=layers: [layer(x) for layer in layers])
        rest = cpu_seconds(lambda x=x: block.attention(x)) - cpu_seconds(lambda x=x, layers=layers: [layer(x) for layer in layers[:4]])
        measured.append((n, max(rest / matrices, 1e-3)))
        predicted.append((n, 2 * n * d / weights))
    return measured, predicted


def picture_of_timing():
    batches = {batch: [(d, time_per_token(d, batch)) for d in (32, 64, 128, 256)] for batch in (1, 4, 16)}
    ratios = {f"d = {d}": ratios_of(d) for d in (32, 128)}
    return timing_pictures.cost_of_tokens(batches, ratios, "What a token costs")


attempt("the picture", picture_of_timing)

# %% [markdown]
# A batch of one wastes most of the time that a small model takes: starting a step costs the same for one window as for sixteen. And the
# count is a count of products, while softmax and mask move every score through memory several times: the measured crossover comes
# at shorter windows than $6 d$.

# %% [markdown]
# ## On a GPU: the same code, larger
#
# With `SEQ2GRADE_PROFILE=gpu` set before you start Jupyter, and a GPU, the next cells train a model of 4.8M parameters for 5,000
# updates, on twenty times the text. They use your `trained`, nothing else. Its weights go to `checkpoints-gpu/` and are not
# handed in. What will it reach? Its windows are twice as long, so its floor is a little lower, and the cell prints it. Nothing
# that we ran says how near it comes: write down a guess first.

# %% locked="gpu-size"
from seq2kit import gpu

LARGER = {
    "gpt-large": gpu.Size(
        {"vocab": text.size, "context": 128, "d": 256, "layers": 6, "heads": 8}, batch=128, updates=5000, rate=1e-3,
        cost=gpu.Cost(parameters=4_807_680, flops=5.04e11, memory=2.1e9),
    )
}

# %% figure="gpu-full-run"
def gpu_full_run(device, words=6_000_000):
    """Train (or load) the larger model on `device`; returns (model, log)."""
    size = LARGER["gpt-large"]
    large = corpus.from_automaton(english, train=words, validation=64_128, seed=2)
    recipe = {"steps": size.updates, "batch": size.batch, "rate": size.rate, "every": 250}
    return trained("gpt-large", dict(size.model), recipe, large, device=device or "cpu")


result = attempt("the larger run", lambda: gpu.larger(LARGER, gpu_full_run))
if result:
    lowest = min(row[2] for row in result[1])
    print(f"best validation loss {lowest:.4f}; best possible on its windows {english.window_loss(128):.4f}")

# %% [markdown]
# ## Text of your own
#
# `corpus.from_text` turns any text into a corpus, by characters or by words; pass `Path("file.txt")` for a file. Here, the few
# paragraphs that come with this package. Nobody knows their entropy. And there are so few of them that the model soon
# learns the training part by heart, while the validation loss turns upwards: the case for which `best` was invented.

# %% figure="own-text"
def run_on_small_text():
    small = corpus.from_text(corpus.small_text())
    config = {"vocab": small.size, "context": 32, "d": 48, "layers": 2, "heads": 4}
    recipe = {"steps": by_profile(full=600, fast=40), "batch": 16, "rate": 4e-3, "every": by_profile(full=30, fast=10)}
    model, log = trained("gpt-small-text", config, recipe, small)
    row = min(log, key=lambda row: row[2])
    print(f"best validation loss {row[2]:.3f} nats per character after {row[0]} updates; at the end {log[-1][2]:.3f},")
    print(f"while the training loss fell to {log[-1][1]:.3f}. Drawn from the best model:\n")
    start = small.encode("The captain ")[None]
    print(small.decode(generate(model, start, 160, 32, 0.8, None, torch.Generator().manual_seed(1))[0]))


attempt("the run on a text of your own", run_on_small_text)
