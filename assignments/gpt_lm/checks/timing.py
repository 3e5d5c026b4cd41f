"""Hidden checks of timing: on a device with a clock of its own, so that the right answer is known exactly."""

from __future__ import annotations

import contextlib
import math
import time
from typing import Any

import torch

from autograder.judge import Draw, Feedback, Handle, NameMissing, NotData, Student, StudentRaised, check, expect

from . import reference as ref
from . import shared, tables, watching


def _device(student: Student, **settings: Any) -> Handle:
    watch = shared.module(student.value("stopwatch"), "stopwatch")
    idle, device = (shared.module(watch.method("Rehearsal", **some), "it") for some in ({}, settings))
    shared.written(student, "seconds_per_step", idle.launch, idle.synchronize, idle.clock, 1, 1)
    return device


def _seconds(student: Student, device: Handle, steps: int, warmup: int) -> float:
    got = student.seconds_per_step(device.launch, device.synchronize, device.clock, steps, warmup)
    return expect.number(got, what="seconds_per_step(...)")


@check(item="s000-5.1.9a-timing", points=2)
def work_is_timed_to_its_end(student: Student, draw: Draw) -> None:
    """On a device that works in the background, the time of a step is its work, not its start."""
    each, overhead = draw.uniform(1.0, 3.0), draw.uniform(0.01, 0.1)
    got = _seconds(student, _device(student, each=each, overhead=overhead, warmups=0), 7, 2)
    expect.true(
        got > 0.5 * each, "Only the start of the work was timed.", "wait for the device before you read the clock"
    )
    # the first launch of the timed ones costs its overhead; the others overlap with work
    expect.true(
        each - 1e-9 <= got <= each + overhead + 1e-9,
        "The time of a step is not what a step takes.",
        "seconds for all steps, divided by their number; wait before the first reading too",
    )


@check(item="s000-5.1.9a-timing", points=2)
def warm_up_steps_do_not_count(student: Student, draw: Draw) -> None:
    """Slow first steps, as many as `warmup`, neither count nor spill over into the time."""
    each = draw.uniform(0.5, 2.0)
    for steps, warmup in ((5, 3), (2, 1), (4, 2)):
        device = _device(student, each=each, warmups=warmup, extra=50.0)
        got = _seconds(student, device, steps, warmup)
        expect.close(
            got,
            each,
            what="seconds_per_step after slow first steps",
            rtol=1e-6,
            hint="do the warm-up, *wait until it is done*, and only then start the clock",
        )


@check(item="s000-5.1.9a-timing")
def as_many_steps_as_asked_for(student: Student, draw: Draw) -> None:
    """warmup + steps launches, no more and no less, also without any warm-up; and all that count are averaged."""
    for steps, warmup, each in ((6, 2, 1.0), (3, 0, 2e-5), (1, 4, 1.0)):
        device = _device(student, each=each, warmups=0)
        got = _seconds(student, device, steps, warmup)
        launches = expect.number(device.launches, what="the number of steps that were started")
        expect.true(launches == steps + warmup, f"Too many or too few steps were started for {steps} + {warmup}.")
        hint = "divide by the steps that count; a fast device needs all digits of its clock"
        expect.close(1 / max(got, 1e-9), 1 / each, what="seconds_per_step on an even device", rtol=1e-6, hint=hint)
    got = _seconds(student, _device(student, each=1.0, warmups=3, extra=6.0), 4, 1)  # two of the four are slow
    hint = "the time of all steps that count, divided by their number; not that of the fastest or the last"
    expect.close(got, 4.0, what="seconds_per_step on an uneven device", rtol=1e-6, hint=hint)


@check(item="s000-5.1.9a-timing")
def the_short_run_reports_what_it_did(student: Student, draw: Draw) -> None:
    """timed_run has its five entries; seconds are those of all updates; the loss is from before them."""
    iters, each = draw.integer(24, 30), draw.uniform(1.5, 3.0)
    measured, shares = _seconds_by_a_slow_clock(student, iters, each), []
    clocks = {} if measured is None else {"time": _clocks(student, _ticking(student))}
    while True:
        begin = time.perf_counter()
        with watching.lent(student, "timed_run", **clocks):
            run = student.timed_run("cpu", iters, 4)
        most = time.perf_counter() - begin
        _entries(run, "timed_run(...)")
        expect.true(run["device"] == "cpu" and run["iters"] == iters, "device and iters are not those asked for.")
        seconds, loss, perplexity = (expect.number(run[key], what=key) for key in ("seconds", "val_loss", "val_ppl"))
        shares.append(seconds / most)
        # Where a clock could be lent, the answer is known. Else, of the whole call, which also builds the model and
        # warms up, the updates take most, one update a 24th at best; a machine that stalls must not cost points.
        right = 1 / 8 < shares[-1] < 1 if measured is None else abs(measured - each * iters) < 1e-6 * iters
        if right:
            break
        if measured is not None or len(shares) == 3:
            raise Feedback(
                "The seconds are not those of all updates together.",
                "iters times the seconds per step, without the warm-up, and each step an update",
                f"shares of the call {shares}, {measured} s for {iters} updates of {each} s",
            )
    expect.close(perplexity, math.exp(loss), what="val_ppl", rtol=1e-4, hint="the exponential of val_loss, in nats")
    expect.true(
        loss > 1.0, "The validation loss before training is next to nothing.", "does the model see its targets?"
    )
    _first_loss(student, loss)


def _seconds_by_a_slow_clock(student: Student, iters: int, each: float) -> float | None:
    """What timed_run says where each train_step takes exactly `each` seconds, and nothing else takes any time.

    None when it does not use the notebook's train_step and `time`, or when seconds_per_step is wrong by itself."""
    if not _times_rightly(student):
        return None
    device = _device(student, each=0.0, warmups=0, overhead=each)
    with contextlib.suppress(StudentRaised, NameMissing, NotData, Feedback):
        ticks = watching.imported(student, "builtins").method("iter", device.launch, "never")
        step = watching.stand_in(student, side_effect=ticks)
        clock = watching.stand_in(student, side_effect=device.clock)
        clocks = _clocks(student, clock)
        model = watching.stand_in(student, return_value=_bigrams(student))
        with watching.lent(student, "timed_run", train_step=step, time=clocks, GPT=model):
            run = student.timed_run("cpu", iters, 4)
        launched = expect.number(device.launches, what="the launches") >= iters
        if step.called is True and clock.called is True and launched and isinstance(run, dict):
            return float(expect.number(run.get("seconds"), what="seconds"))
    return None


def _clocks(student: Student, clock: Handle) -> Handle:
    """Something like Python's `time`, whose clocks all are this one."""
    return watching.stand_in(student, perf_counter=clock, time=clock, monotonic=clock, process_time=clock)


def _ticking(student: Student) -> Handle:
    """A clock that goes on by a second with each reading, so that the same answer always has the same seconds."""
    return watching.stand_in(student, side_effect=watching.imported(student, "itertools").method("count", 1.0))


def _times_rightly(student: Student) -> bool:
    """Whether seconds_per_step is right on a device that does not work in the background."""
    try:
        device = _device(student, each=0.0, warmups=0, overhead=1.0)
        return abs(_seconds(student, device, 3, 1) - 1.0) < 1e-9 and expect.number(device.launches, what="it") == 4
    except (Feedback, NameMissing, StudentRaised, NotData):
        return False


def _bigrams(student: Student) -> Handle:
    """A bigram model for the words of the notebook, that writes down what it reads."""
    size = ref.CONFIG["vocab"]
    return tables.diary(student, torch.linspace(-0.1, 0.1, size * size).reshape(size, size))


@check(item="s000-5.1.9a-timing")
def the_short_run_makes_updates(student: Student, draw: Draw) -> None:
    """The timed steps are updates: `iters` and some to warm up, on `batch` windows of text.train, by one optimizer."""
    shared.written(student, "timed_run", "cpu")
    watching.on_its_own(student, "train_step", "GPT")
    if not _times_rightly(student) or not _learns(student):  # which is charged there
        _updates_seen(student, 1)
        return
    iters, batch = draw.integer(4, 6), draw.integer(2, 3)
    table = _bigrams(student)
    start = shared.weight_of(table)
    model = watching.stand_in(student, return_value=table)
    clocks = _clocks(student, _ticking(student))
    try:
        with watching.updates(student) as seen, watching.lent(student, "timed_run", GPT=model, time=clocks):
            student.timed_run("cpu", iters, batch)
            forgets = watching.forgets(student, seen) if model.called else False
        found = bool(model.called)
    except StudentRaised:  # it does with the model what a bigram table does not allow
        found = False
    if not found:  # it found another way to build its model, and nothing was seen of what that reads
        _updates_seen(student, iters)
        return
    changed = not torch.equal(shared.weight_of(table), start)
    hint = "each step that is timed is train_step(model, optimizer, ...), not a part of it"
    expect.true(changed, "timed_run changes no weight of its model.", hint)
    made = seen.call_count or iters + 1  # an optimizer of their own making is not seen
    expect.true(made >= iters, f"timed_run makes {made} updates for {iters} iters.", hint)
    expect.true(made > iters, "timed_run makes no update to warm up.", "seconds_per_step(..., iters, 2)")
    expect.true(not forgets, "Each update has an optimizer of its own.", "build it once, before the clock starts")
    _windows_read(tables.pages(student, table), iters, batch)


def _updates_seen(student: Student, least: int) -> None:
    """With its own model, timed_run makes so many updates by an optimizer, as PyTorch reports them."""
    with watching.updates(student) as seen:
        student.timed_run("cpu", max(2, least), 2)
        made = expect.number(seen.call_count, what="the number of updates")
    hint = "each step that is timed is train_step(model, optimizer, ...)"
    expect.true(made >= least, "timed_run makes no updates.", hint)


def _learns(student: Student) -> bool:
    """Whether the student's train_step changes a model."""
    table = _bigrams(student)
    start = shared.weight_of(table)
    try:
        optimizer = shared.torch_part(student, "optim").made("SGD", table.method("parameters"), 1.0)
        student.train_step(table, optimizer, ref.validation_windows()[:2])
    except (Feedback, NameMissing, StudentRaised, NotData):
        return False
    return not torch.equal(shared.weight_of(table), start)


def _windows_read(pages: list[Any], iters: int, batch: int) -> None:
    """What was read with gradients on, but for the windows that are only measured."""
    measured = ref.validation_windows()[:8, :-1]
    read = [ids for ids, _, on in pages if on]
    if not read:
        return
    expect.true(
        {ids.shape[1] for ids in read} <= {ref.CONTEXT, ref.CONTEXT + 1},  # one too many is charged with lm_forward
        "The updates read windows of another length.",
        "CONTEXT + 1 words, of which the model reads CONTEXT",
    )
    first = torch.cat([ids[:, : ref.CONTEXT] for ids in read])[:8]
    if torch.equal(first, measured):  # an evaluation with gradients on is charged elsewhere
        gone = 0
        while gone < 8:
            gone += len(read.pop(0))
    rows = torch.cat([ids[:, : ref.CONTEXT] for ids in read]).unique(dim=0)[:5]
    text = ref.training_text()
    inside = all(bool((text.unfold(0, len(row), 1) == row).all(-1).any()) for row in rows)
    expect.true(inside, "The updates read other windows than those of text.train.", "running text, CONTEXT + 1 words")
    count = sum(len(ids) for ids in read)
    expect.true(
        count > iters * batch and count % batch == 0 and max(len(ids) for ids in read) <= batch,
        "The updates do not read `batch` windows each.",
        "windows of text.train, as many as `batch` says",
        f"read {[len(ids) for ids in read]} for {iters} updates with batch {batch}",
    )


def _first_loss(student: Student, loss: float) -> None:
    """`loss` is that of the student's own fresh GPT of seed 0 on the first 8 validation windows."""
    student.seed(0)
    model = shared.module(student.GPT(**ref.CONFIG), "GPT(...)")
    windows = ref.validation_windows()[:8]
    logits = model(windows[:, :-1])
    expect.shape(logits, (8, ref.CONTEXT, ref.CONFIG["vocab"]), what="the logits")
    wants = [ref.next_token_loss(torch.as_tensor(logits).detach(), windows)]
    with contextlib.suppress(Feedback, NameMissing, StudentRaised, NotData):  # another objective costs its own item
        wants.append(expect.number(student.evaluate(model, [windows]), what="it"))
    expect.true(
        any(abs(loss - want) <= 1e-4 * abs(want) for want in wants),
        "val_loss is not that of the fresh model on the first 8 validation windows.",
        "from before the first update, with the model built right after torch.manual_seed(0)",
        f"{loss} against {wants}",
    )


def _entries(run: Any, what: str) -> None:
    keys = {"device", "seconds", "iters", "val_loss", "val_ppl"}
    expect.true(isinstance(run, dict) and set(run) >= keys, f"{what} is not a dict with {', '.join(sorted(keys))}.")


@check(item="s000-5.1.9a-timing")
def devices_are_compared_by_the_update(student: Student, draw: Draw) -> None:
    """The speedup is the ratio of seconds per update, both runs are kept as they are, and nothing is noted."""
    cpu, cuda = (
        {
            "device": name,
            "seconds": draw.uniform(1.0, 9.0),
            "iters": draw.integer(2, 90),
            "val_loss": 4.3,
            "val_ppl": 73.7,
        }
        for name in ("cpu", "cuda")
    )
    cuda["iters"] = int(cuda["iters"]) + 100
    got = student.compare_devices(cpu, cuda)
    expect.true(isinstance(got, dict) and {"cpu", "cuda", "speedup", "note"} <= set(got), "Entries are missing.")
    kept = expect.identical([cpu, cuda], [got["cpu"], got["cuda"]])
    expect.true(kept, "The two runs are not reported as they were.")
    want = (float(cpu["seconds"]) / int(cpu["iters"])) / (float(cuda["seconds"]) / int(cuda["iters"]))
    expect.close(
        expect.number(got["speedup"], what="speedup"),
        want,
        what="speedup",
        rtol=1e-6,
        hint="seconds of one update on the CPU over seconds of one update on the GPU",
    )
    plain = isinstance(got["note"], (str, bool, int, float, list, tuple, dict, type(None)))
    expect.true(plain and not got["note"], "There is a note, although both devices were timed.", 'then note is ""')


@check(item="s000-5.1.9a-timing")
def a_missing_gpu_is_said(student: Student, draw: Draw) -> None:
    """Without a GPU run there is no speedup, but a sentence that says so; also in the notebook's own result."""
    cpu = {"device": "cpu", "seconds": draw.uniform(1.0, 9.0), "iters": 7, "val_loss": 4.3, "val_ppl": 73.7}
    for got in (student.compare_devices(cpu), student.value("cpu_gpu_comparison")):
        expect.true(
            isinstance(got, dict) and {"cpu", "cuda", "speedup", "note"} <= set(got),
            "The comparison lacks cpu, cuda, speedup or note.",
            "run the notebook from top to bottom",
        )
        measured = isinstance(got["cuda"], dict) and str(got["cuda"].get("device", "")).startswith("cuda")
        expect.true(measured or got["cuda"] is None, "There is a GPU half without a GPU run.", "cuda is None then")
        if got["cuda"] is None:
            expect.true(got["speedup"] is None, "There is a speedup without a GPU run.", "None: nothing was measured")
            expect.true(
                isinstance(got["note"], str) and len(got["note"].strip()) > 5,
                "The note does not say that the GPU is missing.",
                "one sentence",
            )
        _entries(got["cpu"], "the CPU half")
