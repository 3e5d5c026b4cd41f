"""Hidden checks of where penalty and decay enter: Adam's line, the preconditioner, the place in Adam's code."""

from __future__ import annotations

import numpy as np
import torch

from autograder.judge import Draw, Student, check, expect

from . import shared
from .reference import Array

LINES = ("g", "s", "r", "shat", "rhat", "delta_theta")


@check(item="s002-4.2")
def penalty_enters_with_the_gradient(student: Student, draw: Draw) -> None:
    """The line that is named is the one in which the loss is differentiated."""
    shared.choice(
        student, "which_line", LINES, "g", wrong="This line does not know the loss.",
        hint="the penalty is a part of the loss: where does the algorithm ask for the loss's gradient?",
    )  # fmt: skip


def _new_line(student: Student, grads: Array, theta: Array, gamma: float) -> Array:
    hint = "one number for each weight"
    return expect.numbers(student.new_line(grads, theta, gamma), theta.shape, what="new_line(...)", hint=hint)


@check(item="s002-4.2")
def examples_are_averaged(student: Student, draw: Draw) -> None:
    """Without a penalty the line is the mean over the examples, of one or of many."""
    for m, d in ((5, 3), (1, 4), (7, 1)):
        grads = draw.array(m, d)
        got = _new_line(student, grads, draw.array(d), 0.0)
        expect.close(
            got, grads.mean(axis=0), what="new_line without a penalty", hint="which axis holds the examples?", rtol=1e-7
        )


@check(item="s002-4.2", points=2)
def penalty_stands_outside_of_the_mean(student: Student, draw: Draw) -> None:
    """What the penalty adds is its own gradient, once, however many examples there are."""
    for m, d in ((5, 3), (2, 4), (1, 2)):
        grads, theta, gamma = draw.array(m, d), draw.array(d), draw.uniform(0.2, 2.0)
        added = _new_line(student, grads, theta, gamma) - _new_line(student, grads, theta, 0.0)
        hint = "is the penalty inside of the mean? And what is the gradient of a square?"
        expect.close(added, 2 * gamma * theta, what="what the penalty adds to g", hint=hint, rtol=1e-7)


@check(item="s002-4.2", points=2)
def adam_with_this_line_minimises_the_penalised_loss(student: Student, draw: Draw) -> None:
    """Adam fed with this line makes the steps that torch's makes on the mean loss with its penalty."""
    gamma, targets = draw.uniform(0.2, 1.0), draw.tensor(5, 3)
    steep = draw.tensor(3).abs() + 0.5
    mine, theirs = (draw.tensor(3) * 0 + torch.tensor([1.0, -2.0, 0.5]).double() for _ in range(2))
    mine, theirs = mine.requires_grad_(True), theirs.requires_grad_(True)
    ours, other = torch.optim.Adam([mine], lr=0.1), torch.optim.Adam([theirs], lr=0.1)
    for _ in range(6):
        per_example = (2 * steep * (mine.detach() - targets)).numpy()
        mine.grad = torch.from_numpy(_new_line(student, per_example, mine.detach().numpy().copy(), gamma))
        ours.step()
        other.zero_grad()
        ((steep * (theirs - targets) ** 2).sum(1).mean() + gamma * (theirs**2).sum()).backward()
        other.step()
        expect.close(
            mine,
            theirs,
            what="the weights after a step of Adam with your line",
            hint="the gradient of the whole loss",
            rtol=1e-6,
        )


@check(item="s002-4.2")
def line_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """Gradients and weights stay as they were; weights of exactly 0 feel no penalty, huge ones a huge one."""
    grads, theta = draw.array(4, 3), draw.array(3)
    theta[1], theta[2] = 0.0, 1e9
    for few in (grads[:1].copy(), grads):
        reply, after = student.with_inputs("new_line", few, theta, 0.3)
        expect.unharmed([few, theta], after[:2], what="an argument of new_line")
    got = expect.numbers(reply, (3,), what="new_line(...)")
    shared.digits(got[:2], what="new_line(...)")
    without = _new_line(student, grads, theta, 0.0)
    expect.close(got[1], without[1], what="the entry of a weight of 0", hint="the penalty's slope at 0 is 0", rtol=1e-7)
    expect.close(got[2] / 0.6e9, 1.0, what="the entry of a huge weight, over its penalty", rtol=1e-6)


# --- s003-4a -----------------------------------------------------------------

_EVERY = "set the two steps equal: the gradients cancel. What must M do to every theta?"
CASES = ((0.1, 0.5, 0.02), (2.0, 0.3, 0.9), (1e-3, 4.0, 1e-5))


def _cases(draw: Draw) -> list[tuple[float, float, float]]:
    return [(a * draw.uniform(0.8, 1.2), w * draw.uniform(0.8, 1.2), r * draw.uniform(0.8, 1.2)) for a, w, r in CASES]


@check(item="s003-4a", points=2)
def with_this_matrix_both_steps_agree(student: Student, draw: Draw) -> None:
    """With your M, penalty and decay make the same step from every theta, for one weight and for several."""
    small = (1e-6 * draw.uniform(0.8, 1.2), 1e-5, 0.1)  # a guarded division shows where the product is tiny
    for (alpha, lw, lr), n in zip((*_cases(draw), small), (4, 1, 3, 2), strict=True):
        hint = "n rows and n columns, or the n numbers of the diagonal"
        M = expect.array(student.M_for_equality(alpha, lw, lr, n), what="M_for_equality(...)")
        M = expect.numbers(M, (n,) if M.ndim == 1 else (n, n), what="M_for_equality(...)", hint=hint)
        M = np.diag(M) if M.ndim == 1 else M
        for _ in range(3):
            theta = draw.array(n)  # the gradient's part is the same in both steps
            expect.close(
                -alpha * lw * (M @ theta),
                -lr * theta,
                what="the step with the penalty, beside that with decay",
                hint=_EVERY,
                rtol=1e-7,
            )


def _says(student: Student, M: Array, case: tuple[float, float, float], right: bool, message: str, hint: str) -> None:
    said = expect.boolean(student.identical(*case, M), what="identical(...)")
    expect.true(said == right, message, hint)


@check(item="s003-4a")
def the_right_multiple_of_the_identity_is_accepted(student: Student, draw: Draw) -> None:
    """identical says True for the one matrix that does it, also where the last digits of its entries are rounded."""
    for case, n in zip(_cases(draw), (4, 1, 3), strict=True):
        alpha, lw, lr = case
        for rounded in (1.0, 1 + 1e-13, 1 - 1e-10):  # the text leaves 1e-9
            M = rounded * lr / (alpha * lw) * np.eye(n)
            hint = f"{_EVERY} And to how many digits?"
            _says(student, M, case, True, "identical says no to the matrix with which both steps agree.", hint)
            expect.unharmed(M, student.with_inputs("identical", *case, M)[1][3], what="the matrix given to identical")


@check(item="s003-4a")
def other_multiples_of_the_identity_are_refused(student: Student, draw: Draw) -> None:
    """identical says False for the identity and for multiples of it that are not the right one."""
    for case, n in zip(_cases(draw), (4, 1, 3), strict=True):
        alpha, lw, lr = case
        near = 1 + draw.uniform(2e-8, 4e-8) if lr > 0.5 else 1.001  # where numbers are of usual size
        for factor in (draw.uniform(1.5, 3.0), draw.uniform(0.2, 0.6), -1.0, 0.0, near):
            M = factor * lr / (alpha * lw) * np.eye(n)
            hint = "which multiple is it? It follows from three numbers; and how close is close?"
            _says(
                student, M, case, False, "identical says yes to a multiple of the identity that is the wrong one.", hint
            )
        if abs(lr / (alpha * lw) - 1) > 0.05:
            _says(
                student,
                np.eye(n),
                case,
                False,
                "identical says yes to the identity itself.",
                "that is plain SGD: the numbers must fit",
            )


@check(item="s003-4a", points=2)
def matrices_that_look_right_are_refused(student: Student, draw: Draw) -> None:
    """identical says False where the trace, some entries or the whole diagonal are right, and something is not."""
    hint = "for every theta: each entry counts, on the diagonal and off it"
    for case in _cases(draw):
        c = case[2] / (case[0] * case[1])
        kinds = [np.diag([c, c, draw.uniform(1.5, 2.5) * c]), np.diag([1.7 * c, 0.6 * c, 0.7 * c])]
        kinds += [np.diag([draw.uniform(0.2, 0.8) * c, c, c]), np.diag([c, draw.uniform(1.2, 1.5) * c, c])]
        for i, j in ((0, 1), (2, 0), (1, 2)):
            M = c * np.eye(3)
            M[i, j] = draw.choice([-1, 1]) * draw.uniform(0.05, 0.5) * c
            kinds.append(M)
        turned = c * np.eye(3)
        turned[0, 1], turned[1, 0] = 0.3 * c, -0.3 * c
        rows = c * np.eye(3)
        rows[1, 0], rows[1, 2] = 0.4 * c, -0.4 * c  # each row sums to c: a theta of equal entries shows nothing
        columns = rows.T  # each column sums to c
        counted = c * np.eye(3)
        counted[0] += 0.2 * c * np.array([2.0, -1.0, 0.0])  # right for the theta (1, 2, 3)
        for M in (*kinds, turned, rows, columns, counted):
            _says(student, M, case, False, "identical says yes to a matrix that treats some theta differently.", hint)


@check(item="s003-4a")
def small_and_large_matrices_are_told_apart(student: Student, draw: Draw) -> None:
    """identical compares relative to the size of the numbers: entries of 1e-12 and of 1e9 are no special case."""
    for alpha, lw, lr in ((1e3, 1e4, 1e-5), (1e-6, 1e-4, 0.1), (0.5, 3.0, 1e-12)):
        lr *= draw.uniform(0.8, 1.2)
        shared.digits(student.M_for_equality(alpha, lw, lr, 3), what="M_for_equality(...)")
        M = lr / (alpha * lw) * np.eye(3)
        hint = "how large is the difference, measured in the numbers that are compared?"
        _says(
            student,
            M,
            (alpha, lw, lr),
            True,
            "identical says no to the right matrix where its entries are tiny or huge.",
            hint,
        )
        for wrong in (1.01 * M, M + 0.1 * M[0, 0] * np.eye(3, k=1), np.diag([1.0, 1.1, 1.0]) * M):
            _says(
                student,
                wrong,
                (alpha, lw, lr),
                False,
                "identical says yes to a wrong matrix where its entries are tiny or huge.",
                hint,
            )


# --- s003-4b -----------------------------------------------------------------

_D = "the share is lost by the weight itself, and by nothing that is averaged or divided"
BETAS = ((0.9, 0.99), (0.6, 0.8))


def _three(student: Student, theta: Array, *given: object) -> list[Array]:
    hint = "three arrays: theta, m and v after the step"
    reply = student.adam_wd_step(theta, *given)
    if isinstance(reply, (np.ndarray, torch.Tensor)) and reply.ndim:
        reply = list(reply)  # three rows in one array
    parts = expect.parts(reply, 3, what="what adam_wd_step returns", hint=hint)
    return [expect.numbers(part, theta.shape, what="an array that adam_wd_step returns", hint=hint) for part in parts]


@check(item="s003-4b")
def decay_stands_in_the_last_line(student: Student, draw: Draw) -> None:
    """The letter is that of the place where every weight loses the same share."""
    said = expect.letters(student.value("choice_4b"), offered="abcd", what="`choice_4b`")
    expect.true(
        said == {"d"},
        "At this place the weights do not all lose the same share.",
        "what happens to the term on its way to the weights?",
    )


@check(item="s003-4b")
def averages_are_those_of_the_gradients(student: Student, draw: Draw) -> None:
    """m and v after the step are the running averages of the gradient and of its square; decay leaves them alone."""
    for (b1, b2), n, lr, size in ((*BETAS[:1], 4, 0.0, 1.0), (*BETAS[1:], 1, 0.3, 1.0), (*BETAS[:1], 3, 0.2, 1e5)):
        theta, g, m = draw.array(n, scale=5.0), draw.array(n, scale=size), draw.array(n, scale=size)
        v = size**2 * (draw.array(n) ** 2 + 0.1)
        got = _three(student, theta, g, m, v, lr, 0.1, b1, b2)
        expect.close(
            got[1],
            b1 * m + (1 - b1) * g,
            what="m after the step",
            hint="neither decay nor a correction enters here",
            rtol=1e-7,
        )
        expect.close(
            got[2],
            b2 * v + (1 - b2) * g * g,
            what="v after the step",
            hint="neither decay nor a correction enters here",
            rtol=1e-7,
        )


@check(item="s003-4b", points=2)
def without_decay_the_step_is_that_of_the_code(student: Student, draw: Draw) -> None:
    """Without decay theta moves by the learning rate times new m over the root of new v, be they tiny or huge."""
    for (b1, b2), n, size in ((*BETAS[:1], 4, 1.0), (*BETAS[1:], 1, 1.0), (*BETAS[:1], 3, 1e-8), (*BETAS[1:], 3, 1e6)):
        theta, g, m = draw.array(n), draw.array(n, scale=size), draw.array(n, scale=size)
        v = size**2 * (draw.array(n) ** 2 + 0.1)
        got = _three(student, theta, g, m, v, 0.0, 0.2, b1, b2)[0]
        new_m, new_v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        hint = "the averages of this step, without a correction and without epsilon"
        expect.close(
            got, theta - 0.2 * new_m / np.sqrt(new_v), what="theta after a step without decay", hint=hint, rtol=1e-7
        )


@check(item="s003-4b", points=2)
def decay_takes_one_share_of_each_weight(student: Student, draw: Draw) -> None:
    """What decay takes is the same share of every weight, for gradients of any size and any learning rate."""
    for scale, alpha in ((1.0, 0.1), (1e-6, 0.03), (1e6, 0.5)):
        theta, g, lr = draw.array(4), draw.array(4, scale=scale), draw.uniform(0.05, 0.4)
        theta += 3.0 * np.sign(theta)
        m, v = draw.array(4, scale=scale), draw.array(4, scale=scale) ** 2 + 0.1 * scale**2
        with_, without = (_three(student, theta, g, m, v, share, alpha, 0.9, 0.99)[0] for share in (lr, 0.0))
        expect.close(
            (without - with_) / theta, np.full(4, lr), what="the share that each weight loses", hint=_D, rtol=1e-6
        )


@check(item="s003-4b")
def coded_step_leaves_its_arguments_alone(student: Student, draw: Draw) -> None:
    """No array that was given is changed, digits are kept, and a weight of exactly 0 loses nothing to decay."""
    theta, g, m, v = draw.array(3), draw.array(3), draw.array(3), draw.array(3) ** 2 + 0.1
    theta[1] = 0.0
    _, after = student.with_inputs("adam_wd_step", theta, g, m, v, 0.2, 0.1, 0.9, 0.99)
    expect.unharmed([theta, g, m, v], after[:4], what="an array given to adam_wd_step")
    for part in _three(student, theta, g, m, v, 0.2, 0.1, 0.9, 0.99):
        shared.digits(part, what="an array that adam_wd_step returns")
    ends = [_three(student, theta, g, m, v, share, 0.1, 0.9, 0.99)[0] for share in (0.2, 0.0)]
    expect.close(ends[0][1], ends[1][1], what="a weight of 0 with and without decay", hint=_D, rtol=1e-9)
    expect.true(bool(ends[0][0] != ends[1][0]), "Decay changes nothing.")
