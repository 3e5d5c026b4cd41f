"""Hidden checks of timing: on a device with a clock of its own, so that the right answer is known exactly."""

from __future__ import annotations

import contextlib
import math
import time
from typing import Any

import torch

from autograder.errors import Feedback
from autograder.judge import Draw, Handle, Student, beside, check, expect
from autograder.judge.student import NameMissing, NotData, StudentRaised

ref, shared = beside(__file__, "reference.py"), beside(__file__, "shared.py")


def _device(student: Student, **settings: Any) -> Handle:
    shared.written(student, "seconds_per_step", None, None, None, 1, 1)
    return shared.module(shared.module(student.value("stopwatch"), "stopwatch").method("Rehearsal", **settings), "it")


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
    """warmup + steps launches, no more and no less; also without any warm-up."""
    for steps, warmup in ((6, 2), (3, 0), (1, 4)):
        device = _device(student, each=1.0, warmups=0)
        got = _seconds(student, device, steps, warmup)
        expect.true(device.launches == steps + warmup, f"{device.launches} steps were started, not {steps} + {warmup}.")
        expect.close(
            got, 1.0, what="seconds_per_step on an even device", rtol=1e-6, hint="divide by the steps that count"
        )


@check(item="s000-5.1.9a-timing", points=2)
def the_short_run_reports_what_it_did(student: Student, draw: Draw) -> None:
    """timed_run has its five entries; seconds are those of all updates; the loss is from before them."""
    iters, shares = draw.integer(24, 30), []
    for _ in range(3):  # a machine that stalls while the model is built must not cost anybody points
        begin = time.perf_counter()
        run = student.timed_run("cpu", iters, 4)
        most = time.perf_counter() - begin
        _entries(run, "timed_run(...)")
        expect.true(run["device"] == "cpu" and run["iters"] == iters, "device and iters are not those asked for.")
        seconds, loss, perplexity = (expect.number(run[key], what=key) for key in ("seconds", "val_loss", "val_ppl"))
        shares.append(seconds / most)
        # of the whole call, which also builds the model and warms up, the updates take most; one update a 24th at best
        if 1 / 8 < shares[-1] < 1:
            break
    else:
        raise Feedback(
            "The seconds are not those of all updates together.",
            "iters times the seconds per step, and each step an update",
            f"shares of the call {shares}",
        )
    expect.close(perplexity, math.exp(loss), what="val_ppl", rtol=1e-4, hint="the exponential of val_loss, in nats")
    expect.true(
        loss > 1.0, "The validation loss before training is next to nothing.", "does the model see its targets?"
    )
    _first_loss(student, loss)


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
    expect.true(got["cpu"] == cpu and got["cuda"] == cuda, "The two runs are not reported as they were.")
    want = (float(cpu["seconds"]) / int(cpu["iters"])) / (float(cuda["seconds"]) / int(cuda["iters"]))
    expect.close(
        expect.number(got["speedup"], what="speedup"),
        want,
        what="speedup",
        rtol=1e-6,
        hint="seconds of one update on the CPU over seconds of one update on the GPU",
    )
    expect.true(not got["note"], "There is a note, although both devices were timed.", 'then note is ""')


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
