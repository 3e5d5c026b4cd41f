"""Hidden checks of the trained cells: how recall is counted and read, and what was handed in."""

from __future__ import annotations

import itertools
import statistics

import numpy as np
import torch
from seq2kit.rnn import recall

from autograder.judge import (
    Draw,
    Feedback,
    Handle,
    NameMissing,
    NotData,
    Student,
    StudentRaised,
    calibrated,
    check,
    expect,
    pictures,
)

from . import recalling

TRAINING = 12.0  # CPU seconds of the fifteen runs
LEAST, ENOUGH = 0.1, 0.9
NORMS = {"small": recall.SMALL, "orthogonal": 1.0}
HAND_IN = (
    "train all kinds at all lags on your own machine, and hand in the folder checkpoints/ together with the notebook"
)


def weights_of(student: Student, kind: str, lag: int) -> dict[str, torch.Tensor]:
    """The parameters of the cells of one kind, trained at one lag. Raises Feedback when they are not such cells."""
    cells = student.value("cells")
    row = cells.get(kind) if isinstance(cells, dict) else None
    found = row.get(lag) if isinstance(row, dict) else None
    if not isinstance(found, Handle):
        raise Feedback(f"There are no trained cells of kind {kind} for lag {lag}.", HAND_IN)
    weights = found.parameters()
    asked = recalling.shapes(kind)
    if {name: tuple(value.shape) for name, value in weights.items()} != asked:
        raise Feedback(f"The cells of kind {kind} are not built as the notebook builds them.", HAND_IN)
    for value in weights.values():
        sound = value.is_floating_point() and bool(torch.isfinite(value).all())
        expect.true(sound, f"The cells of kind {kind} have weights that are not finite numbers.")
    return {name: value.detach().float() for name, value in weights.items()}


def table_of(student: Student) -> dict[str, dict[int, list[float]]]:
    """The student's table, complete."""
    table = expect.mapping(student.value("recalled"), recall.KINDS, what="recalled")
    found: dict[str, dict[int, list[float]]] = {}
    for kind in recall.KINDS:
        row = table[kind]
        if not isinstance(row, dict) or any(lag not in row for lag in recall.LAGS):
            raise Feedback(f"recalled[{kind!r}] does not have all lags.", HAND_IN)
        what = f"recalled[{kind!r}] at one of the lags"
        found[kind] = {
            lag: expect.numbers(row[lag], (recall.STARTS,), what=what, hint="one share per start").tolist()
            for lag in recall.LAGS
        }
    return found


def kinds_as_planned(student: Student, draw: Draw) -> list[str]:
    """The kinds whose weights mean the same in cells of ours: a GRU of another form has its own check, and is not
    charged a second time."""
    a, h, W = draw.tensor(2, 9), draw.tensor(2, 3), draw.tensor(9, 3)
    try:
        got = expect.numbers(student.gru_step(a, h, W), (2, 3), what="it")
        same = bool(np.allclose(got, recalling.gru(a, h, W).numpy(), atol=1e-4))
    except (Feedback, NameMissing, StudentRaised, NotData):
        same = False
    return [kind for kind in recall.KINDS if same or kind != "gru"]


# --- counting and reading --------------------------------------------------


@check(item="s002-1.2-recall", points=2)
def shares_are_counted_for_each_start(student: Student, draw: Draw) -> None:
    """The share of a start is how often its highest score is that of the shown symbol."""
    for S, n, K in ((3, 300, 5), (2, 7, 3), (1, 1, 4), (5, 2, 6)):
        scores, shown = (
            draw.tensor(S, n, K),
            torch.tensor([[draw.integer(0, K - 1) for _ in range(n)] for _ in range(S)]),
        )
        scores[0].scatter_(1, shown[0].unsqueeze(1), 9.0)  # the first start is always right
        if S > 1:  # the second one once
            scores[1].scatter_(1, shown[1].unsqueeze(1), -9.0)
            scores[1, 0, shown[1, 0]] = 9.0
        want = [float((scores[k].argmax(1) == shown[k]).double().mean()) for k in range(S)]
        got = expect.numbers(student.share_recalled(scores, shown), (S,), what="share_recalled(scores, symbols)")
        hint = "the largest of the scores of an episode against its symbol; a mean over the episodes of each start"
        expect.close(got, want, what="share_recalled(scores, symbols)", hint=hint, rtol=1e-5)


@check(item="s002-1.2-recall")
def shares_in_edge_cases(student: Student, draw: Draw) -> None:
    """Scores may be negative, large, or in float32: their order alone counts; the arguments stay as they were."""
    shown = torch.tensor([[2, 0, 1], [1, 1, 0]])
    right = torch.full((2, 3, 3), -5.0).scatter_(2, shown.unsqueeze(2), -4.0)
    found = []
    for scores in (right, right.roll(1, 2)):
        found.append(expect.numbers(student.share_recalled(scores, shown), what="share_recalled(scores, symbols)"))
        for moved in (1e30 * scores, scores - 1e3, scores + 1e3):
            got, after = student.with_inputs("share_recalled", moved, shown)
            what = "share_recalled, when all scores are shifted or scaled alike,"
            expect.same(found[-1], got, what=what, hint="the order of the scores counts, not their sign or their size")
            expect.unharmed([moved, shown], after, what="an argument of share_recalled")
    told = "share_recalled gives the same where every answer is right and where every one is wrong."
    expect.true(found[0].shape == found[1].shape and bool((found[0] != found[1]).all()), told)


def _longest(student: Student, row: dict[int, list[float]], least: float, want: int, message: str, hint: str) -> None:
    got, after = student.with_inputs("longest_recalled", row, least)
    expect.true(expect.number(got, what="longest_recalled(row, least)") == want, message, hint)
    expect.unharmed([row, least], after, what="an argument of longest_recalled")


@check(item="s002-1.2-recall", points=2)
def a_row_ends_where_one_start_fails(student: Student, draw: Draw) -> None:
    """What counts is the weakest start, at this lag and at every shorter one; 0 without any; one lag is a row too."""
    lags = [12, 28, 41, 60]
    for end in range(5):
        row = {lag: [draw.uniform(0.8, 1.0) for _ in range(4)] for lag in lags}
        if end < 4:
            row[lags[end]][draw.integer(0, 3)] = draw.uniform(0.5, 0.7)
        told = "The row does not end where it should."
        hint = "one start that fails ends it, be the mean of the starts high, and whatever comes at longer lags"
        _longest(student, row, 0.75, 0 if end == 0 else lags[end - 1], told, hint)
    for share, want in ((0.6, 7), (0.25, 0)):
        _longest(student, {7: [share]}, 0.5, want, "A row of a single lag is read wrongly.", "that lag, or 0")


@check(item="s002-1.2-recall")
def a_row_in_any_order(student: Student, draw: Draw) -> None:
    """The lags of a row may stand in any order; a share equal to the level is enough, one just below it is not."""
    row = {9: [1.0, 0.95], 20: [0.92, 0.99], 40: [0.95, 0.5], 100: [0.1, 0.95]}
    told, hint = "A row does not end where it should.", "it ends before the first lag at which some start fails"
    _longest(student, row, 0.9, 20, told, hint)
    told, hint = "A row whose lags are not in order is read wrongly.", "shorter means the number, not the place"
    _longest(student, {lag: row[lag] for lag in (100, 9, 40, 20)}, 0.9, 20, told, hint)
    told, hint = "A share equal to the level does not count.", "at least means that equal is enough"
    _longest(student, {**row, 20: [0.9, 0.99]}, 0.9, 20, told, hint)
    told, hint = "A share just below the level counts.", "a level is a level: nothing is rounded, and nothing let pass"
    _longest(student, {**row, 20: [0.8999, 0.8999]}, 0.9, 9, told, hint)


# --- what was handed in ----------------------------------------------------


def _drawn(student: Student) -> str:
    """The student's own table: the mean of the starts against the lag."""
    table = table_of(student)
    lines = {kind: [(float(lag), statistics.fmean(row[lag])) for lag in recall.LAGS] for kind, row in table.items()}
    return pictures.curves(lines, x="lag", y="share recalled")


def _as_counted(student: Student, row: list[float], scores: torch.Tensor, symbols: torch.Tensor) -> bool:
    """Whether these shares are what the student's own function counts."""
    try:
        own = expect.numbers(student.share_recalled(scores, symbols), (recall.STARTS,), what="it")
    except (Feedback, NameMissing, StudentRaised, NotData):
        return False
    return bool(np.allclose(own, row, rtol=0.015, atol=0.015))


@check(item="s002-1.2-recall", points=2, training=TRAINING, shows=_drawn)
def the_table_can_be_measured_again(student: Student, draw: Draw) -> None:
    """The shares of the table are those of the cells that were handed in, each at its own lag, on the test episodes.

    Shares that are counted in another way cost the checks of the counting, and nothing here."""
    table, kinds = table_of(student), kinds_as_planned(student, draw)
    weights = {(kind, lag): weights_of(student, kind, lag) for kind in kinds for lag in recall.LAGS}
    for (kind, lag), found in weights.items():
        x, symbols = recalling.tested(lag)
        scores = recalling.scores(kind, found, x)
        if _as_counted(student, table[kind][lag], scores, symbols):
            continue
        want = recalling.shares(scores, symbols)
        hint = "per start, as shares from 0 to 1; if something changed after training, run the notebook from the top"
        expect.close(table[kind][lag], want, what=f"recalled[{kind!r}][{lag}]", rtol=0.0, atol=0.015, hint=hint)


@check(item="s002-1.2-recall", training=TRAINING)
def each_lag_and_each_start_is_a_run_of_its_own(student: Student, draw: Draw) -> None:
    """No two starts and no two lags have the same weights."""
    for kind in recall.KINDS:
        found = [weights_of(student, kind, lag)["W"] for lag in recall.LAGS]
        for one, other in itertools.combinations([start for stack in found for start in stack], 2):
            apart = float((one - other).norm()) > 1e-3 * float(one.norm())
            expect.true(apart, f"Two of the cells of kind {kind} are one and the same.", HAND_IN)


@check(item="s002-1.2-recall", points=3, training=TRAINING)
def cells_recall_unseen_episodes(student: Student, draw: Draw) -> None:
    """On episodes that nobody trained on, each kind recalls at short lags, and the gated cells at all, as ours do."""
    kinds = kinds_as_planned(student, draw)
    judged = [(kind, lag) for kind, lag in recalling.JUDGED if kind in kinds]
    weights = {(kind, lag): weights_of(student, kind, lag) for kind, lag in judged}
    for (kind, lag), found in weights.items():
        x, symbols = recalling.hidden(lag, draw.seed)
        share = statistics.fmean(recalling.shares(recalling.scores(kind, found, x), symbols))
        bar = calibrated(__file__, f"{kind}_{lag}")
        told = f"The cells of kind {kind} recall less at lag {lag} than any of ours."
        hint = "are they trained at this lag with all updates (full profile), and does a new gate last for 100 steps?"
        expect.true(bar.met_by(share), told, hint, f"share {share:.3f}, bar {bar.threshold:.3f}")


def _frontiers(student: Student, kind: str) -> set[float]:
    """The true frontier, and what the student's own function says: a wrong one has its own checks."""
    found = {recalling.frontier(NORMS[kind], LEAST)}
    try:
        got = expect.array(student.frontier(NORMS[kind] * np.eye(recall.SIZE), 1.0, LEAST), what="it").reshape(-1)
        found |= {float(value) for value in got[:1] if value == value}
    except (Feedback, NameMissing, StudentRaised, NotData):
        pass
    return found


@check(item="s002-1.2-recall", points=2, training=TRAINING)
def claims_follow_from_the_own_table(student: Student, draw: Draw) -> None:
    """Both claims are what your own table says about the frontiers."""
    table = table_of(student)
    weak = {kind: {lag: min(table[kind][lag]) for lag in recall.LAGS} for kind in NORMS}
    small, orthogonal = (_frontiers(student, kind) for kind in ("small", "orthogonal"))
    beyond = expect.boolean(student.value("none_beyond"), what="none_beyond")
    within = expect.boolean(student.value("all_within"), what="all_within")
    none = {all(weak["small"][lag] < ENOUGH for lag in recall.LAGS if lag > end) for end in small}
    told = "none_beyond does not follow from your table."
    expect.true(beyond in none, told, "look at each lag that is longer than the frontier: did every start recall?")
    pairs = itertools.product(small, orthogonal)
    every = {
        all(
            weak[kind][lag] >= ENOUGH
            for kind, end in zip(NORMS, ends, strict=True)
            for lag in recall.LAGS
            if lag <= end
        )
        for ends in pairs
    }
    told = "all_within does not follow from your table."
    expect.true(within in every, told, "one lag within a frontier at which one start failed is enough to refute it")
