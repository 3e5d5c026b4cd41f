"""Hidden checks of part 3: who sent what to whom is replayed from the log, message by message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from seq2kit.systems import network

from autograder.judge import Draw, Feedback, Student, check, expect, properties

Grads = list[np.ndarray[Any, np.dtype[np.float64]]]
_REASONS = {
    "stranger": ("A message goes to nobody, or to its own sender.", "workers are numbered from 0"),
    "no sum": ("A message holds something that is no sum of gradients.", "which chunk of what is sent?"),
    "too early": (
        "A worker sends what it cannot have yet, by the messages so far.",
        "a worker has its own gradient and what it was sent before",
    ),
    "incomplete": ("After the last message some worker cannot know the result.", "what comes back travels by messages"),
}


class Run:
    """What came back from one run of a student's scheme, and the log of its messages."""

    def __init__(self, student: Student, name: str, grads: Grads, *more: Any) -> None:
        wire = student.tool("network").made("Network")
        self.grads, self.name = grads, name
        self.reply, self.after = student.with_inputs(name, grads, wire.part("send"), *more)
        self.log = _messages(wire.log)
        self.servers = more

    def results(self, want: Any, hint: str, rtol: float = properties.ROUGH) -> None:
        """Each worker ends with `want`."""
        for one in _rows(self):
            expect.close(one, want, what=f"what a worker ends with in {self.name}", hint=hint, rtol=rtol)

    def honest(self) -> None:
        """The replay finds no fault in any message."""
        shown = network.replay(self.log, self.grads, self.servers)
        for fault in shown.faults:
            raise Feedback(*_REASONS[fault.kind], f"message {fault.index} of worker {fault.worker}")


def _messages(log: Any) -> list[network.Message]:
    if not isinstance(log, list):
        raise Feedback("The log of the messages is gone.", "`send` is all that is to be used of the network")
    expect.modest(len(log), 1000, what="The log of the messages")
    found = []
    for entry in log:
        src, dst, sent = expect.parts(entry, 3, what="a message of the log")
        ends = [expect.number(end, what="an end of a message") for end in (src, dst)]
        found.append((int(ends[0]), int(ends[1]), expect.array(sent, what="what a message holds")))
    return found


def some(draw: Draw, n: int, p: int) -> Grads:
    """n gradients of p numbers."""
    return [draw.array(p) for _ in range(n)]


def _sizes(run: Run, size: int, hint: str) -> None:
    for _, _, sent in run.log:
        expect.true(sent.size == size, "A message has another size than the scheme says.", hint, f"{sent.shape}")


def _regimes(student: Student, draw: Draw, name: str, mean: bool, *more: Any) -> None:
    """A single worker, single numbers, gradients of exactly 0, large and tiny ones; all to their last digits."""
    thin = some(draw, 2, 1 if mean else 2)  # a ring cuts two numbers into two chunks
    wide = [1e8 * draw.array(4), 1e-8 * draw.array(4)]
    for grads in (some(draw, 1, 3), thin, [np.zeros(4) for _ in range(2)], wide):
        total = sum(grads[1:], grads[0]) / (len(grads) if mean else 1)
        hint = "one worker alone has the result already; zeros stay zeros; float64 stays float64"
        Run(student, name, grads, *more).results(total, hint, rtol=1e-11)


def _unharmed(student: Student, draw: Draw, name: str, *more: Any) -> None:
    grads = some(draw, 3, 6)
    run = Run(student, name, grads, *more)
    expect.unharmed(grads, run.after[0], what="a gradient that was given")
    again = Run(student, name, grads, *more)
    for one, other in zip(*(_rows(part) for part in (run, again)), strict=True):
        expect.same(one, other, what=f"{name} called twice with the same gradients")


def _rows(run: Run) -> Sequence[Any]:
    """What came back, worker by worker; a matrix counts as its rows."""
    reply = run.reply
    if isinstance(reply, (np.ndarray, torch.Tensor)) and reply.ndim == 2:
        reply = list(reply)
    return expect.parts(reply, len(run.grads), what=f"what {run.name} returns", hint="one for each worker")


# --- s003-8i -----------------------------------------------------------------


@check(item="s003-8i", points=2)
def everyone_ends_with_the_mean(student: Student, draw: Draw) -> None:
    """Each worker ends with the mean of all gradients."""
    for n, p in ((2, 5), (5, 3)):
        grads = some(draw, n, p)
        Run(student, "all_to_all", grads).results(sum(grads) / n, "the mean, and not the sum; is the own one in it?")


@check(item="s003-8i", points=2)
def every_pair_exchanges_once(student: Student, draw: Draw) -> None:
    """Each worker sends to every other one, once."""
    for n in (2, 4, 5):
        pairs = [(src, dst) for src, dst, _ in Run(student, "all_to_all", some(draw, n, 3)).log]
        wanted = {(a, b) for a in range(n) for b in range(n) if a != b}
        expect.true(wanted <= set(pairs), "Some worker does not send to all others.", "both directions count")
        expect.true(set(pairs) <= wanted, "A message goes where there is no other worker.", "nobody sends to itself")
        expect.true(len(pairs) == len(set(pairs)), "A pair of workers exchanges more than once.")


@check(item="s003-8i", points=2)
def messages_are_the_workers_own_gradients(student: Student, draw: Draw) -> None:
    """Replayed, each message is something that its sender has, and all get what they need."""
    Run(student, "all_to_all", some(draw, 4, 3)).honest()


@check(item="s003-8i")
def messages_are_whole_gradients(student: Student, draw: Draw) -> None:
    """Each message holds p numbers."""
    run = Run(student, "all_to_all", some(draw, 3, 7))
    expect.true(len(run.log) > 0, "Nothing is sent.")
    _sizes(run, 7, "a whole gradient")


@check(item="s003-8i")
def lone_workers_and_zeros_are_averaged(student: Student, draw: Draw) -> None:
    """A single worker, gradients of 0, and those of very different size are averaged, to all their digits."""
    _regimes(student, draw, "all_to_all", True)


@check(item="s003-8i")
def exchange_leaves_gradients_alone(student: Student, draw: Draw) -> None:
    """The gradients stay as they were, and a second call gives the same."""
    _unharmed(student, draw, "all_to_all")


# --- s003-8ii ----------------------------------------------------------------


@check(item="s003-8ii", points=2)
def server_gives_back_the_mean(student: Student, draw: Draw) -> None:
    """Each worker ends with the mean of all gradients."""
    for n, p in ((4, 3), (7, 2)):
        grads = some(draw, n, p)
        Run(student, "parameter_server", grads, n + 2).results(sum(grads) / n, "the mean of the workers: who is one?")


@check(item="s003-8ii", points=2)
def each_worker_talks_to_the_server_alone(student: Student, draw: Draw) -> None:
    """Each worker sends to the server once and is sent to once, and nobody else is."""
    for n, server in ((4, 4), (3, 11), (7, 20)):
        pairs = [(src, dst) for src, dst, _ in Run(student, "parameter_server", some(draw, n, 2), server).log]
        expect.true(
            all((src == server) != (dst == server) for src, dst in pairs),
            "A message does not have the server at one end.", "the server is a machine of its own, with its own number",
        )  # fmt: skip
        for w in range(n):
            expect.true(pairs.count((w, server)) == 1, "A worker does not send to the server exactly once.")
            expect.true(pairs.count((server, w)) == 1, "The server does not send to each worker exactly once.")
        expect.true(len(pairs) == 2 * n, "There are messages of nobody.")


@check(item="s003-8ii", points=2)
def server_knows_what_it_was_sent(student: Student, draw: Draw) -> None:
    """Replayed, the server sends what it could compute by then, and all get what they need."""
    Run(student, "parameter_server", some(draw, 4, 3), 9).honest()


@check(item="s003-8ii")
def server_messages_are_whole_gradients(student: Student, draw: Draw) -> None:
    """Each message holds p numbers."""
    run = Run(student, "parameter_server", some(draw, 3, 7), 3)
    expect.true(len(run.log) > 0, "Nothing is sent.")
    _sizes(run, 7, "a whole gradient, or a whole mean")


@check(item="s003-8ii")
def one_worker_and_zeros_through_a_server(student: Student, draw: Draw) -> None:
    """A single worker, gradients of 0, and those of very different size are averaged, to all their digits."""
    _regimes(student, draw, "parameter_server", True, 5)


@check(item="s003-8ii")
def server_leaves_gradients_alone(student: Student, draw: Draw) -> None:
    """The gradients stay as they were, and a second call gives the same."""
    _unharmed(student, draw, "parameter_server", 3)


# --- s003-8iii ---------------------------------------------------------------


@check(item="s003-8iii", points=2)
def ring_ends_with_the_sum(student: Student, draw: Draw) -> None:
    """Each worker ends with the sum of all gradients."""
    for n, p in ((2, 6), (3, 12), (5, 10)):
        grads = some(draw, n, p)
        hint = "is a chunk added once too often, or is a round missing?"
        Run(student, "ring_all_reduce", grads).results(sum(grads[1:], grads[0]), hint)


@check(item="s003-8iii", points=2)
def ring_takes_two_laps_less_two_rounds(student: Student, draw: Draw) -> None:
    """Each worker sends as often as there are rounds in both laps."""
    for n in (2, 3, 5):
        sources = [src for src, _, _ in Run(student, "ring_all_reduce", some(draw, n, 2 * n)).log]
        for w in range(n):
            many, few = "A worker sends more often than a ring needs.", "A worker sends less often than a ring needs."
            expect.true(sources.count(w) <= 2 * (n - 1), many, "n - 1 rounds are enough for each of the two laps")
            expect.true(sources.count(w) >= 2 * (n - 1), few, "first sums are made, then the finished ones go round")


@check(item="s003-8iii")
def neighbours_are_fixed(student: Student, draw: Draw) -> None:
    """Each worker sends to the same neighbour all the time, all in one direction."""
    for n in (3, 5):
        steps = {(dst - src) % n for src, dst, _ in Run(student, "ring_all_reduce", some(draw, n, 2 * n)).log}
        expect.true(len(steps) > 0, "Nothing is sent.")
        expect.true(steps in ({1}, {n - 1}), "Messages go to others than one neighbour.", "both laps, one direction")


@check(item="s003-8iii", points=2)
def ring_passes_on_what_has_arrived(student: Student, draw: Draw) -> None:
    """Replayed, each message is a sum that its sender could form by then, and all get what they need."""
    for n in (2, 4):
        Run(student, "ring_all_reduce", some(draw, n, 2 * n)).honest()


@check(item="s003-8iii")
def messages_are_chunks(student: Student, draw: Draw) -> None:
    """Each message holds p / n numbers."""
    for n, p in ((3, 12), (2, 10)):
        run = Run(student, "ring_all_reduce", some(draw, n, p))
        expect.true(len(run.log) > 0, "Nothing is sent.")
        _sizes(run, p // n, "one chunk, and not the whole gradient")


@check(item="s003-8iii")
def lone_workers_and_zeros_are_summed(student: Student, draw: Draw) -> None:
    """A single worker, gradients of 0, and those of very different size are summed, to all their digits."""
    _regimes(student, draw, "ring_all_reduce", False)


@check(item="s003-8iii")
def ring_leaves_gradients_alone(student: Student, draw: Draw) -> None:
    """The gradients stay as they were, and a second call gives the same."""
    _unharmed(student, draw, "ring_all_reduce")


# --- s003-8-table ------------------------------------------------------------


def _rows_of_table(student: Student, name: str, draw: Draw) -> list[tuple[int, int, float, float]]:
    found = []
    for n, p in ((3, 12), (8, 64), (draw.integer(4, 7), 420), (1, 5)):
        row = expect.mapping(student.table(n, p), [name], what="table(n, p)")[name]
        pair = expect.numbers(row, (2,), what="a row of the table", hint="(messages, numbers in each)")
        found.append((n, p, float(pair[0]), float(pair[1])))
    return found


@check(item="s003-8-table")
def row_of_all_to_all(student: Student, draw: Draw) -> None:
    """Count and size of the messages of all to all are right."""
    for n, p, count, size in _rows_of_table(student, "a2a", draw):
        expect.close(count, n * (n - 1), what="the messages of all to all", hint="both directions of each pair")
        expect.true(n == 1 or size == p, "Messages of all to all have another size.", "what does each of them hold?")


@check(item="s003-8-table")
def row_of_the_server(student: Student, draw: Draw) -> None:
    """Count and size of the messages of a dedicated server are right."""
    for n, p, count, size in _rows_of_table(student, "ps", draw):
        expect.close(count, 2 * n, what="the messages with a server", hint="there and back; the server is no worker")
        expect.close(size, p, what="the size of a message with a server")


@check(item="s003-8-table")
def row_of_the_ring(student: Student, draw: Draw) -> None:
    """Count and size of the messages of a ring are right, those of all workers together."""
    for n, p, count, size in _rows_of_table(student, "ring", draw):
        expect.close(
            count, 2 * n * (n - 1), what="the messages of a ring", hint="each worker, in each round of both laps"
        )
        if n > 1:
            expect.close(size, p / n, what="the size of a message in a ring")


# --- ring-audit --------------------------------------------------------------


def _ring(draw: Draw, n: int, p: int) -> list[tuple[int, int, int]]:
    log = []
    for _ in range(2 * (n - 1)):
        log += [(int(w), int(w + 1) % n, p // n) for w in draw.permutation(n)]
    return log


def _verdict(student: Student, log: list[tuple[int, int, int]], n: int, p: int, place: int, rule: str) -> None:
    got = student.first_fault(log, n, p)
    expect.true(got is not None, "A fault in the log is not found.", "go through all rules for each message")
    index, name = expect.parts(got, 2, what="what first_fault returns", hint="(place, rule), or None")
    where = "The first fault is found in another place."
    expect.true(
        expect.number(index, what="the place of a fault") == place, where, "count from 0, and stop at the first"
    )
    told = expect.one_of(name, ("neighbour", "size", "round"), what="the rule that is broken")
    expect.true(told == rule, "Another rule is named than the one that is broken.", "the order of the rules decides")


@check(item="ring-audit")
def good_logs_are_without_fault(student: Student, draw: Draw) -> None:
    """A ring in which workers send in any order within a round has no fault, nor has one that is going on."""
    for n in (2, 3, 5):
        log = _ring(draw, n, 4 * n)
        for part in (log, log[: len(log) - 2], log[: n + 1], []):
            got = student.first_fault(part, n, 4 * n)
            expect.true(got is None, "A fault is found in a log that has none.", "a round has no order of its own")


@check(item="ring-audit")
def wrong_neighbours_are_found(student: Student, draw: Draw) -> None:
    """A message to another worker than the next is found, whoever it is, in the first message and the last."""
    n, p = 5, 20
    for step in (0, 2, 3, 4):  # to itself, and to the one before: both are near the right one
        log = _ring(draw, n, p)
        place = {2: 0, 3: len(log) - 1}.get(step, draw.integer(1, len(log) - 2))
        src = log[place][0]
        log[place] = (src, (src + step) % n, p // n)
        _verdict(student, log, n, p, place, "neighbour")


@check(item="ring-audit")
def wrong_sizes_are_found(student: Student, draw: Draw) -> None:
    """A message that is too long or too short is found, by a single number, too."""
    n, p = 4, 20
    for size in (p, p // n + 1, p // n - 1, 2 * p // n, 0):
        log = _ring(draw, n, p)
        place = draw.integer(0, len(log) - 1)
        log[place] = (*log[place][:2], size)
        _verdict(student, log, n, p, place, "size")


@check(item="ring-audit", points=2)
def hasty_workers_are_found(student: Student, draw: Draw) -> None:
    """A worker that begins a round before the last one is over is found, in any round, and one that sends a round too
    many."""
    n, p = 4, 12
    log = _ring(draw, n, p)
    for lap in range(2 * (n - 1)):
        for sent in range(1, n):
            place = n * lap + sent
            again = log[place - draw.integer(1, sent)]  # any of those that have sent in this round
            _verdict(student, [*log[:place], again, *log[place:]], n, p, place, "round")
    _verdict(student, [*log, log[0]], n, p, len(log), "round")
    _verdict(student, [(0, 1, 3), (0, 1, 3), (1, 0, 3)], 2, 6, 1, "round")


@check(item="ring-audit")
def the_first_fault_counts(student: Student, draw: Draw) -> None:
    """Of several faults the first is told; of one message that breaks several rules, the first rule."""
    n, p = 4, 12
    log = _ring(draw, n, p)
    early, late = draw.integer(0, 7), draw.integer(9, len(log) - 1)
    src = log[late][0]
    log[late] = (src, (src + 2) % n, p // n)
    log[early] = (*log[early][:2], p)
    _verdict(student, log, n, p, early, "size")
    src = log[early][0]
    log[early] = (src, (src + 3) % n, p)
    _verdict(student, log, n, p, early, "neighbour")
    good = _ring(draw, n, p)
    for place in (n * draw.integer(1, 4) + n - 1, len(good)):  # a worker that sends again, and one round too many
        src, dst, size = good[place - 1]
        for message, rule in (((src, dst, p), "size"), ((src, (src + 2) % n, size), "neighbour")):
            _verdict(student, [*good[:place], message], n, p, place, rule)


@check(item="ring-audit")
def logs_stay_as_they_were(student: Student, draw: Draw) -> None:
    """The log stays as it was, and what was said of one log is not said of the next of the same length."""
    n, p = 3, 6
    good = _ring(draw, n, p)
    place = n * draw.integer(1, 3) + 1
    src = good[place][0]
    for message in (good[place], (src, src, p // n), (*good[place][:2], p), good[place - 1], good[place]):
        log = [*good[:place], message, *good[place + 1 :]]
        reply, after = student.with_inputs("first_fault", log, n, p)
        expect.unharmed(log, after[0], what="the log")
        fault = message != good[place]
        expect.true((reply is not None) == fault, "A verdict does not fit its log.", "is something kept between calls?")
