"""Hidden checks of low rank: the product from an SVD, the energy of a spectrum, and projections of the length."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.judge import Draw, Student, check, expect, properties

from . import shared

# --- s000-4.3 ----------------------------------------------------------------

_TRIPLES = "the first k columns of U, the first k numbers of s, the first k rows of Vh, each used once"


def _stochastic(draw: Draw, n: int, k: int) -> Tensor:
    """(n, n) of rank k, whose rows are distributions."""
    return draw.simplex(n, k) @ draw.simplex(k, n)


def _svd_case(draw: Draw, n: int, k: int, h: int) -> tuple[list[Any], Tensor]:
    U, s, Vh = torch.linalg.svd(_stochastic(draw, n, k))
    V = draw.tensor(n, h)
    return [U[:, :k].contiguous(), s[:k].clone(), Vh[:k].clone(), V, k], U[:, :k] @ (s[:k, None] * Vh[:k]) @ V


@check(item="s000-4.3", points=2)
def product_equals_that_of_the_whole_matrix(student: Student, draw: Draw) -> None:
    """From U, s and Vh of rank k comes what the whole matrix of weights times V gives."""
    for n, k, h in ((9, 3, 5), (6, 4, 2)):
        case, want = _svd_case(draw, n, k, h)
        expect.close(student.svd_attention(*case), want, what="svd_attention(U, s, Vh, V, k)", hint=_TRIPLES, rtol=1e-6)


@check(item="s000-4.3")
def only_the_first_triples_count(student: Student, draw: Draw) -> None:
    """Of a full SVD of a matrix of higher rank, the first k triples count and no others."""
    for n, k, h in ((8, 3, 5), (7, 2, 4)):
        U, s, Vh = torch.linalg.svd(draw.tensor(n, n))
        V = draw.tensor(n, h)
        want = U[:, :k] @ (s[:k, None] * Vh[:k]) @ V
        what = "svd_attention(U, s, Vh, V, k) with more than k triples"
        expect.close(student.svd_attention(U, s, Vh, V, k), want, what=what, hint=_TRIPLES, rtol=1e-6)


@check(item="s000-4.3")
def rank_one_and_full_rank(student: Student, draw: Draw) -> None:
    """k = 1, k = n and a single column of values are no exceptions."""
    for n, k, h in ((6, 1, 4), (5, 5, 3), (7, 3, 1)):
        case, want = _svd_case(draw, n, k, h)
        what = "svd_attention(U, s, Vh, V, k) at k = 1, k = n or h = 1"
        expect.close(student.svd_attention(*case), want, what=what, hint=_TRIPLES, rtol=1e-6)


@check(item="s000-4.3", points=2)
def long_inputs_need_no_square_matrix(student: Student, draw: Draw) -> None:
    """A length at which no n x n matrix has room is no trouble, and all positions count there."""
    long, short = (
        [draw.tensor(n, 2), draw.tensor(2).abs() + 0.5, draw.tensor(2, n), draw.tensor(n, 3), 2]
        for n in (shared.LONG, 7)
    )
    shared.in_linear_room(
        student, "svd_attention", long, short, 3, lambda U, s, Vh, V, k: U @ (s[:, None] * (Vh @ V)),
        message="At a length of 120,000 svd_attention asks for more memory than there is.",
        hint="which two matrices are multiplied first? The result of (U S Vh) has n x n entries",
    )  # fmt: skip


@check(item="s000-4.3")
def cost_is_linear_in_all_three(student: Student, draw: Draw) -> None:
    """The cost grows in proportion to the length, the rank and the width."""
    rays = [
        ((3, 1), (5, 0), (2, 0)), ((3, 2), (5, 1), (2, 0)), ((3, 2), (5, 0), (2, 1)), ((3, 0), (2, 0), (5, 1)),
        ((3, 2), (5, 1), (2, 1)), ((3, 1), (2, 1), (5, 0)), ((3, 1), (5, 0), (2, 2)),
    ]  # fmt: skip
    shared.grows(
        student.cost, [lambda n, k, h: n * k * h], rays, what="cost(n, k, h)",
        message="cost grows otherwise than the multiplications of the product taken in the right order.",
        hint="Vh V has k x h entries, each a sum over n; what does the product with U add?",
    )  # fmt: skip


@check(item="s000-4.3")
def svd_attention_keeps_digits_and_arguments(student: Student, draw: Draw) -> None:
    """float32 stays float32, float64 keeps its digits, and the arguments stay as they were."""
    (case, want), (other, also) = (_svd_case(draw, 13, 6, 7) for _ in range(2))
    direction = [draw.tensor(*part.shape) for part in case[:4]]
    properties.keeps_precision(
        student, "svd_attention", lambda step: [*(a + step * b for a, b in zip(case[:4], direction, strict=True)), 6]
    )
    properties.no_side_effects(student, "svd_attention", case, other)
    first, later = student.svd_attention(*case), student.svd_attention(*other)
    shared.still_right("svd_attention", (first, want), (later, also))


# --- spectrum ----------------------------------------------------------------

_ENERGY = "squares of the singular values, the largest first, added up until the share is reached"


def _with_values(draw: Draw, n: int, m: int, values: list[float]) -> Tensor:
    core = torch.zeros(n, m, dtype=torch.float64)
    for place, value in enumerate(values):
        core[place, place] = value
    return draw.orthogonal(n) @ core @ draw.orthogonal(m)


def _rank(student: Student, P: Tensor, share: float, want: int, hint: str = _ENERGY) -> None:
    got = expect.number(student.rank_for_energy(P, share), what="rank_for_energy(P, share)")
    expect.true(
        got == want, "rank_for_energy counts too many or too few singular values.", hint, f"got {got} for {want}"
    )


@check(item="spectrum", points=2)
def energy_adds_squares(student: Student, draw: Draw) -> None:
    """The energy is the sum of squares of the singular values, the largest of which are taken first."""
    values = [4.0, 2.5, 2.0, 1.2, 0.6, 0.3]
    P = _with_values(draw, 8, 8, values)
    total = sum(v * v for v in values)
    for r in (1, 2, 3, 4, 5):
        held, next_ = (sum(v * v for v in values[:k]) / total for k in (r, r + 1))
        _rank(student, P, 0.5 * (held + next_), r + 1)
    _rank(student, draw.orthogonal(12), 0.8, 10)  # twelve equal values, 9.6 of which hold the share


@check(item="spectrum")
def share_is_reached_not_missed(student: Student, draw: Draw) -> None:
    """The number is the smallest that reaches the share: just below it takes no more, just above takes one more."""
    values = [3.0, 2.0, 1.0, 0.5]
    P, total = _with_values(draw, 6, 6, values), 14.25
    for r, held in ((1, 9.0), (2, 13.0), (3, 14.0)):
        _rank(student, P, held / total - 1e-6, r, "reached means at least this share; count from 1")
        _rank(student, P, held / total + 1e-6, r + 1, "reached means at least this share; count from 1")


@check(item="spectrum")
def shapes_other_than_square(student: Student, draw: Draw) -> None:
    """Tall and wide matrices, single rows, and matrices of rank 1 are no exceptions."""
    for n, m in ((9, 4), (4, 11)):
        P = _with_values(draw, n, m, [3.0, 2.0, 1.5, 1.0])  # energies 9, 4, 2.25 and 1 of 16.25
        for share, want in ((0.5, 1), (0.7, 2), (0.9, 3), (0.97, 4)):
            _rank(student, P, share, want)
    _rank(student, draw.tensor(1, 5), 0.7, 1)
    _rank(student, draw.tensor(6, 1) @ draw.tensor(1, 5), 0.999, 1)


@check(item="spectrum")
def scale_does_not_matter(student: Student, draw: Draw) -> None:
    """The share is of the matrix's own energy, however large or small that is; float32 does too."""
    for factor in (1e-8, 1.0, 1e4):
        P = factor * _with_values(draw, 6, 6, [3.0, 2.0, 1.0])
        for one in (P, P.float()):
            _rank(student, one, 0.8, 2, "divide by the whole energy of this very matrix")
    for values, want in (([3.0, 2.0, 2.0], 3), ([5.0, 1.0, 1.0], 1)):  # the same shape, another matrix
        _rank(student, _with_values(draw, 6, 6, values), 0.8, want, "is something kept from one call to the next?")
    P = _stochastic(draw, 7, 4)
    first, after = student.with_inputs("rank_for_energy", P, 0.9)
    expect.unharmed([P], after[:1], what="the matrix given to rank_for_energy")
    expect.same(first, student.rank_for_energy(P, 0.9), what="rank_for_energy called twice")


# --- s000-4.4a ---------------------------------------------------------------

_PAIR = "give back two things, C and D, each (k, n)"
_CONSTRUCTION = "take the right singular vectors of P; where does the factor 1/h go, and is P meant or K?"


def _of_rank(draw: Draw, n: int, h: int, rank: int) -> Tensor:
    return draw.tensor(n, h) if rank == h else draw.tensor(n, rank) @ draw.tensor(rank, h)


def _lossless(student: Student, draw: Draw, n: int, h: int, q: int, k: int, hint: str = _CONSTRUCTION) -> None:
    Q, K, rank = _of_rank(draw, n, h, q), _of_rank(draw, n, h, k), min(q, k)
    reply = shared.both(student.projections(Q, K, rank), what="what projections returns", hint=_PAIR)
    C, D = (expect.tensor(part, (rank, n), what="a projection", hint=_PAIR, most=1e12) for part in reply)
    for width in (6, 1, h):
        V = draw.tensor(n, width)
        expect.close(
            Q @ (C @ K).T @ (D @ V), Q @ K.T @ V / h, what="Q (C K)^T D V with your C and D", hint=hint, rtol=1e-8
        )


@check(item="s000-4.4a", points=2)
def projections_lose_nothing(student: Student, draw: Draw) -> None:
    """With C and D of k rows, Q (C K)^T D V is P V for every V, where Q and K have full rank k = h."""
    for n, h in ((9, 4), (11, 6)):
        _lossless(student, draw, n, h, h, h)


@check(item="s000-4.4a")
def keys_of_low_rank(student: Student, draw: Draw) -> None:
    """Where the keys have a lower rank than the queries, as many rows as that are enough."""
    for n, h, k in ((12, 8, 3), (9, 5, 2)):
        _lossless(student, draw, n, h, h, k)


@check(item="s000-4.4a", points=2)
def queries_of_low_rank(student: Student, draw: Draw) -> None:
    """Where the queries have a lower rank than the keys, as many rows as that are enough."""
    for n, h, q in ((12, 8, 3), (9, 5, 2)):
        _lossless(student, draw, n, h, q, h, "here K has a higher rank than P; only its product with Q has to come out")


@check(item="s000-4.4a")
def rank_one_will_do(student: Student, draw: Draw) -> None:
    """k = 1, and vectors of width 1, are no exceptions."""
    _lossless(student, draw, 8, 3, 1, 3)
    _lossless(student, draw, 7, 1, 1, 1)


@check(item="s000-4.4a")
def projections_keep_dtype_and_arguments(student: Student, draw: Draw) -> None:
    """Queries and keys stay as they were, a second call gives two projections again, and float32 stays float32."""
    Q, K = draw.tensor(9, 4), draw.tensor(9, 4)
    for given in ([Q, K], [Q, K], [Q.float(), K.float()]):
        reply, after = student.with_inputs("projections", *given, 4)
        expect.unharmed(given, after[:2], what="an argument of projections")
        for part in shared.both(reply, what="what projections returns", hint=_PAIR):
            found = shared.varied(part, (4, 9), what="a projection")
            shared.not_handed_back(found, given, what="projections(Q, K, k)")
            expect.dtype(part, given[0], what="a projection")


# --- s000-4.4b ---------------------------------------------------------------

_ORDER = "C with K, D with V, Q with the first of them transposed: each once, and no softmax"


def _five(draw: Draw, n: int, h: int, k: int) -> list[Tensor]:
    return [draw.tensor(*shape) for shape in ((n, h), (n, h), (n, h), (k, n), (k, n))]


def _projected(Q: Tensor, K: Tensor, V: Tensor, C: Tensor, D: Tensor) -> Tensor:
    return (Q @ (C @ K).T) @ (D @ V)


@check(item="s000-4.4b", points=2)
def all_five_are_multiplied(student: Student, draw: Draw) -> None:
    """The result is the product of all five matrices."""
    for n, h, k in ((8, 5, 3), (7, 2, 4)):
        case = _five(draw, n, h, k)
        expect.close(
            student.projected_attention(*case),
            _projected(*case),
            what="projected_attention(...)",
            hint=_ORDER,
            rtol=1e-6,
        )


@check(item="s000-4.4b")
def projected_sizes_of_one(student: Student, draw: Draw) -> None:
    """A projected length of 1, a width of 1 and a single position are no exceptions."""
    for n, h, k in ((6, 4, 1), (5, 1, 3), (1, 4, 2)):
        case = _five(draw, n, h, k)
        what = "projected_attention(...) where a size is 1"
        expect.close(student.projected_attention(*case), _projected(*case), what=what, hint=_ORDER, rtol=1e-6)


@check(item="s000-4.4b", points=2)
def projected_length_needs_no_square_matrix(student: Student, draw: Draw) -> None:
    """A length at which no n x n matrix has room is no trouble, and all positions count there."""
    shared.in_linear_room(
        student, "projected_attention", _five(draw, shared.LONG, 3, 2), _five(draw, 7, 3, 2), 2, _projected,
        message="At a length of 120,000 projected_attention asks for more memory than there is.",
        hint="Q K^T and C^T D have n x n entries: project first",
    )  # fmt: skip


@check(item="s000-4.4b")
def width_needs_no_square_matrix(student: Student, draw: Draw) -> None:
    """A width at which no h x h matrix has room is no trouble, and no column is left out there."""
    shared.in_linear_room(
        student, "projected_attention", _five(draw, 4, shared.LONG, 2), _five(draw, 4, 7, 2), 2, _projected,
        message="At a width of 120,000 projected_attention asks for more memory than there is.",
        hint="(C K)^T (D V) has h x h entries: multiply from the left", sort="wide",
    )  # fmt: skip


@check(item="s000-4.4b")
def projected_keeps_digits_and_arguments(student: Student, draw: Draw) -> None:
    """float32 stays float32, float64 keeps its digits, and the arguments stay as they were."""
    case, other, direction = (_five(draw, 10, 6, 7) for _ in range(3))
    properties.keeps_precision(
        student, "projected_attention", lambda step: [a + step * b for a, b in zip(case, direction, strict=True)]
    )
    properties.no_side_effects(student, "projected_attention", case, other)
    first, later = student.projected_attention(*case), student.projected_attention(*other)
    shared.still_right("projected_attention", (first, _projected(*case)), (later, _projected(*other)))
