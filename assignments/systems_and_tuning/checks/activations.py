"""Hidden checks of part 2: schedules are replayed, and layers that run under checkpoint are counted by hooks."""

from __future__ import annotations

from typing import Any

import torch
from seq2kit.systems import remat

from autograder.judge import Draw, Feedback, Student, check, expect, properties

_PAIRS = ((10, 5), (12, 4), (9, 3), (10, 10), (6, 1))


def _some(draw: Draw) -> tuple[tuple[int, int], ...]:
    k = draw.integer(2, 6)
    return (*_PAIRS, (k * draw.integer(2, 4), k))


def _counts(student: Student, L: int, k: int) -> tuple[float, float]:
    hint = "calls and loads, in this order"
    calls, loads = expect.numbers(student.remat_counts(L, k), (2,), what="remat_counts(L, k)", hint=hint).tolist()
    return calls, loads


def _steps(student: Student, L: int, k: int) -> list[Any]:
    steps = student.schedule(L, k)
    if not isinstance(steps, (list, tuple)):
        raise Feedback("schedule(L, k) should be a list of steps.", "does the function return its result?")
    expect.modest(len(steps), 4 * L * L + 8, what="The schedule")
    return list(steps)


def _named(step: Any) -> tuple[str, int]:
    """Name and layer of a step; nothing of either for what is no step."""
    try:
        return remat.read(step, 1)
    except remat.Illegal:
        return "", -1


def _replayed(student: Student, L: int, k: int) -> remat.Replayed:
    try:
        return remat.replayed(_steps(student, L, k), L, k)
    except remat.Illegal as error:
        raise Feedback("A schedule has a step that cannot be made.", _reason(str(error))) from None


def _reason(text: str) -> str:
    """What is wrong with the step, without its place."""
    return "a " + text.split(" ", 2)[0] + " " + text.split(" ", 2)[2] if text.startswith("step ") else ""


@check(item="s003-6a")
def schedule_can_be_carried_out(student: Student, draw: Draw) -> None:
    """Every step of the schedule is allowed: what is loaded is stored, what a layer needs is in the register."""
    for L, k in _some(draw):
        _replayed(student, L, k)
        expect.true(bool(_steps(student, L, k)), "The schedule is empty.")


@check(item="s003-6a")
def gradient_passes_from_the_last_layer_to_the_first(student: Student, draw: Draw) -> None:
    """The schedule goes back through each layer once, from the last to the first."""
    for L, k in _some(draw):
        order = [j for name, j in map(_named, _steps(student, L, k)) if name == remat.BACKWARD]
        hint = "the gradient of a layer is made of that of the layer above"
        expect.true(
            order == list(range(L, 0, -1)), "The schedule does not go back from the last layer to the first.", hint
        )


@check(item="s003-6a", points=2)
def schedule_runs_what_the_scheme_runs(student: Student, draw: Draw) -> None:
    """The layers that the schedule runs are as many as the scheme computes again."""
    for L, k in _some(draw):
        found = _replayed(student, L, k)
        more = "from the nearest stored activation at or below; the first forward pass is not part of it"
        less = "the scheme keeps nothing from one layer to the next"
        expect.true(2 * found.forwards <= L * (k - 1), "The schedule runs more layers than the scheme.", more)
        expect.true(2 * found.forwards >= L * (k - 1), "The schedule runs fewer layers than the scheme.", less)


@check(item="s003-6a", points=2)
def calls_are_counted(student: Student, draw: Draw) -> None:
    """The number of calls is that of the scheme's backward pass, for any number of layers."""
    for L, k in (*_some(draw), (1, 1), (900, 30)):
        hint = "within a segment the layers need 0, 1, ..., k - 1 calls; is the first forward pass in it?"
        expect.close(_counts(student, L, k)[0], L * (k - 1) / 2, what="the number of calls", hint=hint)


# --- s003-6b -----------------------------------------------------------------


@check(item="s003-6b", points=2)
def loads_are_counted(student: Student, draw: Draw) -> None:
    """The number of loads in remat_counts is that of the scheme's backward pass."""
    for L, k in (*_some(draw), (1, 1), (900, 30)):
        hint = "also a layer whose activation is stored, and one that starts from the input, needs a load"
        expect.close(_counts(student, L, k)[1], L, what="the number of loads", hint=hint)


@check(item="s003-6b")
def schedule_loads_once_for_each_layer(student: Student, draw: Draw) -> None:
    """In the schedule there is one load before each step back, and no other."""
    for L, k in _some(draw):
        names = [name for name, _ in map(_named, _steps(student, L, k))]
        since = 0
        for name in names:
            since += name == remat.LOAD
            if name == remat.BACKWARD:
                expect.true(since == 1, "A layer of the schedule has no load of its own, or several.", "one register")
                since = 0
        expect.true(names.count(remat.LOAD) == L, "The schedule does not load once for each layer.")


@check(item="s003-6b", points=2)
def nearest_stored_activation_is_loaded(student: Student, draw: Draw) -> None:
    """For each layer the nearest stored activation at or below what it needs is loaded."""
    for L, k in _some(draw):
        got = expect.numbers(student.loads(L, k), (L,), what="loads(L, k)", hint="one entry for each layer").tolist()
        ways = [[(j - less) // k * k for j in range(L, 0, -1)] for less in (0, 1)]
        hint = "layers only run forwards: what is above helps nobody, and the input is stored, too"
        expect.true(got in ways, "Other activations are loaded than the nearest stored ones.", hint)


# --- s003-6c -----------------------------------------------------------------


@check(item="s003-6c", points=2)
def disk_takes_as_long_as_the_scheme(student: Student, draw: Draw) -> None:
    """L loads from disk take exactly the time of the scheme."""
    for L, k in ((10, 5), (12, 3), (20, 4)):
        fwd, mem = (20.0, 10.0) if L == 10 else (draw.uniform(3, 9), draw.uniform(1, 2))
        got = expect.number(student.disk_time(L, k, fwd, mem), what="disk_time(L, k, t_fwd, t_mem)")
        hint = "the scheme runs layers and loads; the disk is asked once for each layer"
        expect.close(got, mem + fwd * (k - 1) / 2, what="the time of a load from disk", hint=hint, rtol=1e-7)


@check(item="s003-6c")
def times_enter_in_proportion(student: Student, draw: Draw) -> None:
    """Doubling both times doubles the result, and either of them may be 0."""
    fwd, mem = draw.uniform(3, 9), draw.uniform(1, 2)
    one = _time(student.disk_time(12, 4, fwd, mem))
    two = _time(student.disk_time(12, 4, 2 * fwd, 2 * mem))
    expect.true(abs(one) > 1e-9, "The time of a load from disk is 0.")
    expect.close(two, 2 * one, what="the time for doubled times", rtol=1e-7)
    parts = [_time(student.disk_time(12, 4, *times)) for times in ((fwd, 0.0), (0.0, mem))]
    expect.close(sum(parts), one, what="the time as a sum of both shares", hint="calls and loads add up", rtol=1e-7)


@check(item="s003-6c")
def with_everything_stored_disk_is_as_fast_as_memory(student: Student, draw: Draw) -> None:
    """With every activation in memory a disk would have to be as fast as memory."""
    for L in (5, 1):
        mem = draw.uniform(1, 2)
        got = expect.number(student.disk_time(L, 1, draw.uniform(3, 9), mem), what="disk_time(L, 1, t_fwd, t_mem)")
        expect.close(got, mem, what="the time where nothing is computed again", rtol=1e-7)


def _time(value: Any) -> float:
    return float(expect.numbers([expect.number(value, what="disk_time(L, k, t_fwd, t_mem)")], what="a time")[0])


# --- s003-6a-torch -----------------------------------------------------------


def _run(
    student: Student, draw: Draw, L: int, k: int, rows: int = 3
) -> tuple[Any, Any, list[int], torch.Tensor, torch.Tensor]:
    """(output, gradient, calls), and what the output and the gradient have to be."""
    width, seed = 4, draw.integer(0, 10_000)
    stack = student.tool("remat").made("Stack", L, width, seed)
    x, cotangent = draw.tensor(rows, width), draw.tensor(rows, width)
    outputs, slopes = student.vjp("run_checkpointed", [stack.part("layers"), x, k], [cotangent])
    # Read from hooks on the layers that we gave: what ran, in which order; no measure of time or memory.
    calls = [int(n) for n in expect.numbers(stack.calls, what="the calls of the layers").reshape(-1)]
    leaf = x.clone().requires_grad_(True)
    right = remat.Stack(L, width, seed).plain(leaf)
    (slope,) = torch.autograd.grad(right, leaf, cotangent)
    if len(outputs) != 1 or slopes[0] is None:
        raise Feedback("run_checkpointed should give one tensor, which depends on x.")
    return outputs[0], slopes[0], calls, right.detach(), slope


_SEGMENTS = ((4, 2), (6, 3), (6, 1), (3, 3))


@check(item="s003-6a-torch")
def outputs_are_those_of_plain_layers(student: Student, draw: Draw) -> None:
    """The output is that of the layers one after the other."""
    for L, k in _SEGMENTS:
        got, _, _, want, _ = _run(student, draw, L, k)
        expect.close(
            got,
            want,
            what="the output of the layers",
            hint="does each layer get what the last one gave?",
            rtol=properties.ROUGH,
        )


@check(item="s003-6a-torch")
def gradients_are_those_of_plain_layers(student: Student, draw: Draw) -> None:
    """The gradient at x is that of the layers one after the other."""
    for L, k in _SEGMENTS:
        _, got, _, _, want = _run(student, draw, L, k)
        hint = "is a loop's variable read when the segment runs again, after the loop is over?"
        expect.close(got, want, what="the gradient at x", hint=hint, rtol=properties.ROUGH)


def _again(calls: list[int], L: int) -> list[int]:
    expect.true(calls[:L] == list(range(1, L + 1)), "In the forward pass the layers do not run once each, in order.")
    return calls[L:]


@check(item="s003-6a-torch", points=2)
def layers_run_again_in_the_backward_pass(student: Student, draw: Draw) -> None:
    """In the backward pass the layers are run once more, hooks say; at most the last segment is spared."""
    for L, k in _SEGMENTS[:3]:
        again = _again(_run(student, draw, L, k)[2], L)
        hint = "their activations were kept: is the function under checkpoint?"
        expect.true(set(range(1, L - k + 1)) <= set(again), "Some layers are not run again in the backward pass.", hint)
        expect.true(len(again) == len(set(again)), "A layer runs more than once in the backward pass.", "nested?")


@check(item="s003-6a-torch")
def segments_have_k_layers(student: Student, draw: Draw) -> None:
    """What runs again are segments of k layers, the last one first, each in order."""
    for L, k in ((6, 3), (6, 2), (4, 2), (4, 1)):
        again = _again(_run(student, draw, L, k)[2], L)
        segments = [list(range(begin + 1, begin + k + 1)) for begin in range(L - k, -1, -k)]
        whole = [n for segment in segments for n in segment]
        hint = "how many layers are between two activations that are kept?"
        expect.true(again in (whole, whole[k:]), "What runs again is not in segments of k layers.", hint)


@check(item="s003-6a-torch")
def a_single_layer_is_a_segment(student: Student, draw: Draw) -> None:
    """One layer, and one segment, come out right to all their digits, for a single row, too."""
    for L, k, rows in ((1, 1, 1), (2, 2, 3), (4, 2, 1)):
        got, slope, _, want, right = _run(student, draw, L, k, rows)
        expect.close(got, want, what="the output of a short stack", hint="float64 stays float64", rtol=1e-11)
        expect.close(slope, right, what="the gradient of a short stack", rtol=properties.ROUGH)
