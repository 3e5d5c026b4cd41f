"""Hidden checks of who shrinks: Adam with a penalty, Adam with decay, rows of rare and of frequent words."""

from __future__ import annotations

import numpy as np
from seq2kit.optimizers import words

from autograder.judge import Draw, Student, check, expect

from . import reference as ref
from . import shared

GROUPS = ("small", "large", "equal")
_SPLIT = (
    "split the step into what comes from the loss and what comes from the weight itself: which is divided, and by what?"
)
_LINES = "line by line as in the table, with what the task changes; the factors of the averages count from t = 1"


@check(item="s002-4.3a")
def small_gradients_shrink_more(student: Student, draw: Draw) -> None:
    """The group that loses the larger share to the penalty is named."""
    wrong = "This is not what happens to the shares under a penalty."
    shared.choice(student, "choice_43a", GROUPS, "small", wrong=wrong, hint=_SPLIT)


@check(item="s002-4.3a")
def rate_is_divided_by_the_root(student: Student, draw: Draw) -> None:
    """The relative rate of the penalty falls as one over the root of rhat, and is proportional to eps and gamma."""
    for rhat in (draw.uniform(0.5, 2.0), draw.uniform(1e4, 1e5), draw.uniform(1e-9, 1e-8)):
        eps, gamma, delta = draw.uniform(0.01, 0.1), draw.uniform(0.1, 1.0), 1e-13
        got = expect.number(student.rate_l2(eps, gamma, rhat, delta), what="rate_l2(...)")
        expect.close(
            got * np.sqrt(rhat), 2 * eps * gamma, what="rate_l2 times the root of rhat", hint=_SPLIT, rtol=1e-6
        )


@check(item="s002-4.3a")
def rate_is_finite_without_gradients(student: Student, draw: Draw) -> None:
    """Where rhat is 0 or near it, delta is what the rate is divided by; several weights have several rates."""
    eps, gamma, delta = draw.uniform(0.01, 0.1), draw.uniform(0.1, 1.0), draw.uniform(0.2, 2.0)
    hint = "delta is added to the root"
    got = expect.number(student.rate_l2(eps, gamma, 0.0, delta), what="rate_l2 at rhat = 0")
    expect.close(got, 2 * eps * gamma / delta, what="rate_l2 at rhat = 0", hint=hint, rtol=1e-7)
    for _ in range(2):
        rhat = draw.array(3) ** 2 + 0.1
        rates = expect.numbers(student.rate_l2(eps, gamma, rhat, delta), (3,), what="rate_l2 for several weights")
        wanted = 2 * eps * gamma / (np.sqrt(rhat) + delta)
        expect.close(rates, wanted, what="rate_l2 for several weights", hint=hint, rtol=1e-9)


@check(item="s002-4.3a", points=2)
def penalised_steps_are_those_of_the_algorithm(student: Student, draw: Draw) -> None:
    """Every step is that of Algorithm 8.7 on the loss with its penalty, for vectors and for rows, and where a gradient
    is 0 for once."""
    for shape in ((4,), (3, 2), (1, 3), (3, 1)):
        theta, gradients = draw.array(*shape) + 1.0, shared.with_pauses([draw.array(*shape) for _ in range(8)])
        eps, gamma, delta = draw.uniform(0.02, 0.1), draw.uniform(0.2, 0.6), draw.uniform(0.01, 0.03)
        want = ref.algorithm(theta, gradients, eps=eps, delta=delta, gamma=gamma)
        got = shared.arrays(student, "adam_l2_step", theta, gradients, (eps, gamma, delta))
        for t, (a, b) in enumerate(zip(got, want, strict=True), 1):
            expect.close(a, b, what=f"theta after step {t}", hint=_LINES, rtol=1e-7)


@check(item="s002-4.3a")
def without_penalty_the_step_is_plain_adam(student: Student, draw: Draw) -> None:
    """With gamma 0 every step is plain Adam's to the last digits, for zeros, tiny and huge gradients too."""
    theta = draw.array(4)
    gradients = [draw.array(4) * np.array([0.0, 1e-7, 1e7, 1.0]) for _ in range(4)]
    want = ref.algorithm(theta, gradients, eps=0.05, delta=1e-12)
    got = shared.arrays(student, "adam_l2_step", theta, gradients, (0.05, 0.0, 1e-12))
    for t, (a, b) in enumerate(zip(got, want, strict=True), 1):
        expect.close(a, b, what=f"theta after step {t} without a penalty", hint=_LINES, rtol=1e-11)


@check(item="s002-4.3a")
def small_gradients_lose_a_hundred_times_as_much(student: Student, draw: Draw) -> None:
    """In your steps, weights whose gradients are a hundredth as large lose some hundred times the share."""
    theta = np.concatenate([np.full(20, 2.0), np.full(20, 2.0)])
    size = np.repeat([0.01, 1.0], 20)
    # Random signs, each once with plus and once with minus: what the loss does to the mean of a group cancels.
    signs = [np.tile(np.repeat(np.sign(draw.array(10)), 2) * np.tile([1.0, -1.0], 10), 2) for _ in range(60)]
    got = shared.arrays(student, "adam_l2_step", theta, [size * s for s in signs], (1e-4, 1e-5, 1e-12))[-1]
    lost = [1 - float(got[:20].mean()) / 2, 1 - float(got[20:].mean()) / 2]
    expect.true(lost[0] > 0 and lost[1] > 0, "The penalty does not shrink the weights.", _SPLIT, f"{lost}")
    ratio = lost[0] / lost[1]
    expect.true(
        30 < ratio < 400,
        "The shares that the two groups lose are not in the proportion that the algorithm gives them.",
        _SPLIT,
        f"{ratio:.3g}",
    )


@check(item="s002-4.3a")
def penalised_steps_leave_everything_alone(student: Student, draw: Draw) -> None:
    """Arrays stay as they were, two runs in turns do not hear of each other, and rates keep their digits."""
    shared.arrays_apart(student, "adam_l2_step", draw, (0.05, 0.2, 1e-3))
    shared.digits(student.rate_l2(0.1, 0.2, draw.uniform(0.5, 2.0), 0.3), what="rate_l2(...)")
    rhat = draw.array(3) ** 2
    expect.unharmed(rhat, student.with_inputs("rate_l2", 0.1, 0.2, rhat, 0.3)[1][2], what="the array given to rate_l2")


# --- s002-4.3b ---------------------------------------------------------------


@check(item="s002-4.3b")
def decay_is_the_same_for_all(student: Student, draw: Draw) -> None:
    """The group that loses the larger share to the decay is named."""
    wrong = "This is not what happens to the shares under decay."
    shared.choice(
        student,
        "choice_43b",
        GROUPS,
        "equal",
        wrong=wrong,
        hint="shares, not amounts; and is this term divided by anything?",
    )


@check(item="s002-4.3b")
def rate_of_decay_knows_nothing_of_gradients(student: Student, draw: Draw) -> None:
    """The relative rate follows from the decay alone, be it weak or strong."""
    for lam in (draw.uniform(0.1, 0.9), draw.uniform(1e-6, 1e-5), 0.0):
        got = expect.number(student.rate_wd(lam), what="rate_wd(lam)")
        expect.close(
            got,
            lam,
            what="rate_wd(lam)",
            hint="the share of itself that a weight loses, read off the formula",
            rtol=1e-9,
            atol=1e-15,
        )


@check(item="s002-4.3b", points=2)
def decayed_steps_are_those_of_the_formula(student: Student, draw: Draw) -> None:
    """Every step is Adam's with the decay beside it, for vectors and for rows, and where a gradient is 0 for once."""
    for shape in ((4,), (3, 2), (1, 3), (3, 1)):
        theta, gradients = draw.array(*shape) + 1.0, shared.with_pauses([draw.array(*shape) for _ in range(8)])
        eps, lam, delta = draw.uniform(0.02, 0.1), draw.uniform(0.05, 0.3), draw.uniform(0.01, 0.03)
        one, other = (
            ref.algorithm(theta, gradients, eps=eps, delta=delta, lam=lam, decay_last=last) for last in (False, True)
        )
        got = shared.arrays(student, "adam_decoupled_step", theta, gradients, (eps, lam, delta))
        shared.close_to_either(got, one, other, what="theta after a step", hint=_LINES)


@check(item="s002-4.3b")
def weights_without_gradients_decay(student: Student, draw: Draw) -> None:
    """Where gradients are exactly 0 a weight keeps 1 - lam of itself per step, whatever the learning rate."""
    for eps, size in ((1e-4, 1.0), (0.5, 1e-9)):
        theta, lam = draw.array(3, scale=size), draw.uniform(0.05, 0.4)
        got = shared.arrays(student, "adam_decoupled_step", theta, [np.zeros(3)] * 4, (eps, lam, 1e-3))
        for t, now in enumerate(got, 1):
            expect.close(
                now,
                (1 - lam) ** t * theta,
                what=f"a weight without gradients after {t} steps",
                hint="is lam multiplied by something?",
                rtol=1e-12,
            )


@check(item="s002-4.3b")
def without_decay_the_step_is_plain_adam(student: Student, draw: Draw) -> None:
    """With lam 0 every step is plain Adam's to the last digits, for zeros, tiny and huge gradients too."""
    theta = draw.array(4)
    gradients = [draw.array(4) * np.array([0.0, 1e-7, 1e7, 1.0]) for _ in range(4)]
    want = ref.algorithm(theta, gradients, eps=0.05, delta=1e-12)
    got = shared.arrays(student, "adam_decoupled_step", theta, gradients, (0.05, 0.0, 1e-12))
    for t, (a, b) in enumerate(zip(got, want, strict=True), 1):
        expect.close(a, b, what=f"theta after step {t} without decay", hint=_LINES, rtol=1e-11)


@check(item="s002-4.3b")
def small_and_large_gradients_lose_the_same_share(student: Student, draw: Draw) -> None:
    """In your steps, weights with small and with large gradients lose the same share of themselves."""
    theta = np.concatenate([np.full(20, 2.0), np.full(20, 2.0)])
    size = np.repeat([0.01, 1.0], 20)
    signs = [np.tile(np.repeat(np.sign(draw.array(10)), 2) * np.tile([1.0, -1.0], 10), 2) for _ in range(60)]
    got = shared.arrays(student, "adam_decoupled_step", theta, [size * s for s in signs], (1e-4, 1e-3, 1e-12))[-1]
    for part in (got[:20], got[20:]):
        lost = 1 - float(part.mean()) / 2
        wanted = 1 - 0.999**60
        expect.true(
            abs(lost / wanted - 1) < 0.02,
            "The two groups do not lose the share that decay takes.",
            _SPLIT,
            f"{lost:.4f}",
        )


@check(item="s002-4.3b")
def decayed_steps_leave_everything_alone(student: Student, draw: Draw) -> None:
    """Arrays stay as they were, and two runs in turns do not hear of each other."""
    shared.arrays_apart(student, "adam_decoupled_step", draw, (0.05, 0.2, 1e-3))


# --- s002-4.4-words ----------------------------------------------------------

_LENGTH = "a row's length is its Euclidean norm, at the end over at the beginning"


def _lost(
    student: Student,
    kind: str,
    theta: ref.Array,
    gradients: ref.Array,
    eps: float,
    strength: float,
    delta: float = 1e-8,
) -> ref.Array:
    reply = student.row_shrinkage(kind, theta, gradients, eps, strength, delta)
    return expect.numbers(reply, (len(theta),), what="row_shrinkage(...)", hint="one number for each row")


def _right(theta: ref.Array, last: ref.Array) -> ref.Array:
    return np.asarray(1 - np.linalg.norm(last, axis=1) / np.linalg.norm(theta, axis=1))


@check(item="s002-4.4-words", points=2)
def shares_under_decay_are_right(student: Student, draw: Draw) -> None:
    """Under decay each row's share is that of all steps together."""
    theta, gradients, _ = words.stream(draw.integer(0, 2**31 - 1), 12, words=7, width=3, batch=9)
    lam = draw.uniform(0.02, 0.1)
    one, other = (
        _right(theta, ref.algorithm(theta, list(gradients), eps=0.01, delta=1e-8, lam=lam, decay_last=last)[-1])
        for last in (False, True)
    )
    shared.close_to_either(
        [_lost(student, "decay", theta, gradients, 0.01, lam)],
        [one],
        [other],
        what="row_shrinkage under decay",
        hint=_LENGTH,
    )


@check(item="s002-4.4-words", points=2)
def shares_under_the_penalty_are_right(student: Student, draw: Draw) -> None:
    """Under the penalty each row's share is that of all steps together."""
    theta, gradients, _ = words.stream(draw.integer(0, 2**31 - 1), 12, words=7, width=3, batch=9)
    gamma = draw.uniform(0.02, 0.1)
    want = _right(theta, ref.algorithm(theta, list(gradients), eps=0.01, delta=1e-8, gamma=gamma)[-1])
    got = _lost(student, "penalty", theta, gradients, 0.01, gamma)
    expect.close(got, want, what="row_shrinkage under the penalty", hint=_LENGTH, rtol=1e-6)


@check(item="s002-4.4-words")
def rows_that_grow_and_single_rows_are_told(student: Student, draw: Draw) -> None:
    """A row that grew has a negative share; one row, one column and one step are enough; tiny rows have shares, too."""
    theta = draw.array(1, 3)
    grown = _lost(student, "decay", theta, np.repeat(-np.sign(theta)[None], 3, axis=0), 0.1, 0.0)
    expect.true(
        bool(grown[0] < -1e-3),
        "A row that grew is said to have shrunk.",
        "the sign tells: a share that is lost is positive",
    )
    far = _lost(student, "decay", theta, np.repeat(-np.sign(theta)[None], 3, axis=0), 100.0, 0.0)
    wanted = _right(theta, ref.algorithm(theta, [-np.sign(theta)] * 3, eps=100.0, delta=1e-8)[-1])
    expect.close(far, wanted, what="row_shrinkage of a row that grew many times over", hint=_LENGTH, rtol=1e-6)
    theta, gradients = draw.array(5, 1), draw.array(1, 5, 1)
    one, other = (
        _right(theta, ref.algorithm(theta, list(gradients), eps=0.01, delta=1e-8, lam=0.2, decay_last=last)[-1])
        for last in (False, True)
    )
    shared.close_to_either(
        [_lost(student, "decay", theta, gradients, 0.01, 0.2)],
        [one],
        [other],
        what="row_shrinkage of rows of one number",
        hint=_LENGTH,
    )
    tiny, lam = draw.array(3, 2, scale=1e-9), draw.uniform(0.1, 0.3)
    expect.close(
        _lost(student, "decay", tiny, np.zeros((2, 3, 2)), 0.01, lam),
        np.full(3, 1 - (1 - lam) ** 2),
        what="row_shrinkage of tiny rows whose gradients are 0",
        hint=_LENGTH,
        rtol=1e-7,
    )


@check(item="s002-4.4-words")
def delta_reaches_the_steps(student: Student, draw: Draw) -> None:
    """A delta as large as the gradients makes the steps shorter."""
    theta, gradients, _ = words.stream(draw.integer(0, 2**31 - 1), 6, words=5, width=3, batch=9)
    delta = draw.uniform(0.2, 0.5)
    want = _right(theta, ref.algorithm(theta, list(gradients), eps=0.05, delta=delta)[-1])
    for kind in ("penalty", "decay"):
        got = _lost(student, kind, theta, gradients, 0.05, 0.0, delta)
        hint = "eps, strength and delta are arguments: each step has to get them as they are"
        expect.close(got, want, what="row_shrinkage with a large delta and a strength of 0", hint=hint, rtol=1e-6)


@check(item="s002-4.4-words", points=2)
def rare_rows_shrink_under_the_penalty_alone(student: Student, draw: Draw) -> None:
    """Rows of rare words lose far more than those of frequent ones under the penalty, and as much under decay."""
    theta, gradients, counts = words.stream(draw.integer(0, 2**31 - 1), 250, words=60, width=6)
    order = np.argsort(counts)
    ratios = {}
    for kind, strength in (("penalty", 5e-4), ("decay", 2e-4)):
        lost = _lost(student, kind, theta, gradients, 1e-3, strength)
        ratios[kind] = float(lost[order[:20]].mean() / lost[order[-6:]].mean())
    told = f"{ratios}"
    expect.true(
        ratios["penalty"] > 1.8,
        "Under the penalty, rows of rare words should lose far more than those of frequent words.",
        _SPLIT,
        told,
    )
    expect.true(
        0.5 < ratios["decay"] < 1.5,
        "Under decay, rows of rare and of frequent words should lose about the same share.",
        _SPLIT,
        told,
    )


@check(item="s002-4.4-words")
def rows_are_left_alone(student: Student, draw: Draw) -> None:
    """Rows and gradients stay as they were, digits are kept, and a second call gives the same."""
    one, other = (words.stream(draw.integer(0, 2**31 - 1), 4, words=5, width=2, batch=6)[:2] for _ in range(2))
    for kind in ("penalty", "decay"):
        first, after = student.with_inputs("row_shrinkage", kind, *one, 0.01, 0.1, 1e-8)
        expect.unharmed(list(one), after[1:3], what="an array given to row_shrinkage")
        shared.digits(first, what="row_shrinkage(...)")
        again, moved = (_lost(student, kind, *given, 0.01, 0.1) for given in (one, other))
        expect.same(first, again, what="row_shrinkage called twice")
        expect.true(bool((again != moved).any()), "row_shrinkage gives the same for all rows.")
