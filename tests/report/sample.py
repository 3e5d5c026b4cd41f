"""A made-up class on one assignment, from the model's own dataclasses: the same numbers for the same seed."""

from __future__ import annotations

import random
from dataclasses import replace

from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Kind, Repair, Status

MISTAKES = {
    "earlier_states_receive_gradient": (
        "Your gradient is zero for every i < t. h_i also reaches J_t through h_{i+1} ... h_t, one factor of"
        " W_hh transposed per step."
    ),
    "sums_over_all_steps": (
        "You keep only the term i = t. W_hh is used at every step, so every step adds its own outer product."
    ),
    "future_tokens_do_not_change_the_past": (
        "Your mask is a column mask: it hides one key from every query. A causal mask depends on the query."
    ),
    "masked_key_gets_no_weight": (
        "You set the score to 0, but softmax gives 0 the weight e^0 = 1. A hidden key needs a score of minus infinity."
    ),
}
# of the last one it is not known
THINKS = {
    "earlier_states_receive_gradient": "a loss reaches its own state only",
    "sums_over_all_steps": "a matrix is used once",
    "future_tokens_do_not_change_the_past": "a mask hides keys",
}
# id, title, kind, [(check, claim, points, message, hint)]
ITEMS: tuple[tuple[str, str, Kind, tuple[tuple[str, str, float, str, str], ...]], ...] = (
    (
        "s000-2.08",
        "Sampling random sentences",
        Kind.CHOICE,
        (
            (
                "choice",
                "The marked letters are exactly the right ones.",
                1,
                "s000-2.08: not the right set of letters.",
                "",
            ),
        ),
    ),
    (
        "s000-3.1",
        "The unrolled computation graph",
        Kind.CODE,
        (
            (
                "weights_are_shared",
                "Whh, Whx and Wyh are single roots that every step uses.",
                1,
                "step 2 does not descend from Whh.",
                "a shared weight is one node, not one per step",
            ),
            ("past_reaches_future", "x_i reaches J_t exactly when i <= t.", 1, "x1 does not reach J3.", ""),
        ),
    ),
    (
        "s000-3.2.1",
        "Gradient at the logits",
        Kind.CODE,
        (
            (
                "logit_gradient_matches_autograd",
                "The gradient at the logits equals autograd's gradient of softmax cross-entropy.",
                1,
                "dJ_do(o, y) differs in every row.",
                "compare your sign and your softmax axis",
            ),
            (
                "stable_for_large_logits",
                "Logits of 10,000 give finite gradients.",
                1,
                "Not finite (NaN or infinity): dJ_do(o, y).",
                "subtract the largest logit first",
            ),
        ),
    ),
    (
        "s000-3.2.2",
        "Gradient at an earlier state",
        Kind.CODE,
        (
            (
                "earlier_states_receive_gradient",
                "The loss at step t sends gradient to every earlier state.",
                2,
                "dJt_dhi is zero where i < t.",
                "multiply by W_hh transposed once per step",
            ),
            (
                "later_states_receive_none",
                "States after t receive exactly zero.",
                1,
                "dJt_dhi is not zero for i > t.",
                "",
            ),
            (
                "orthogonal_keeps_norm",
                "With an orthogonal W_hh the norm does not depend on i.",
                1,
                "the norm changes with i.",
                "",
            ),
        ),
    ),
    (
        "s000-3.2.3",
        "Gradient at the recurrent matrix",
        Kind.CODE,
        (
            (
                "sums_over_all_steps",
                "Every step adds its own outer product.",
                2,
                "dJt_dWhh has rank 1 for t = 6; a sum over six steps has a higher rank.",
                "",
            ),
            (
                "single_step_is_one_outer_product",
                "For t = 1 the gradient is a single outer product.",
                1,
                "dJt_dWhh differs for t = 1.",
                "",
            ),
        ),
    ),
    (
        "s000-4.1b",
        "How inference cost grows",
        Kind.NUMBER,
        (
            (
                "slope_at_long_inputs",
                "For n much larger than h the slope is close to 2.",
                1,
                "the slope is 1.0.",
                "",
            ),
        ),
    ),
    (
        "s000-4.2",
        "Masking one position",
        Kind.CODE,
        (
            (
                "masked_key_gets_no_weight",
                "No query puts weight on the masked key.",
                2,
                "position 2 still receives weight 0.14 from every query.",
                "a score of 0 is not a weight of 0",
            ),
            (
                "rows_sum_to_one",
                "The remaining weights of each query sum to one.",
                1,
                "row 0 sums to 0.86.",
                "",
            ),
            (
                "masked_key_gets_no_gradient",
                "The masked key and value receive no gradient.",
                1,
                "K[2] receives gradient.",
                "",
            ),
        ),
    ),
    (
        "s001-2.1.2",
        "Causal attention",
        Kind.CODE,
        (
            (
                "future_tokens_do_not_change_the_past",
                "Changing token j leaves every output before j unchanged.",
                2,
                "position 2 attends to position 4, which lies in its future.",
                "a query may see key j only where j <= i; compare your mask with (k_len, seq_len)",
            ),
            (
                "first_token_sees_itself",
                "The first token attends to itself only.",
                1,
                "the first row has more than one weight.",
                "",
            ),
        ),
    ),
)
_FIRST = "ada barbara carl dora emmy felix grace hedy ian julia karen lise maria niels olga paul rosalind tim"
FIRST = _FIRST.split()


def attention_picture(size: int = 6, leak: tuple[int, int] = (2, 4)) -> str:
    """A matrix of attention weights in which one square lies where none may lie, as the judge draws it."""
    step, edge = 34, 46
    middle = edge + size * step / 2
    parts = [
        f'<text x="{middle}" y="16" text-anchor="middle" font-size="12">key position j</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" font-size="12"'
        f' transform="rotate(-90 14 {middle})">query position i</text>',
    ]
    for i in range(size):
        parts.append(f'<text x="{edge - 8}" y="{edge + i * step + 21}" text-anchor="end" font-size="11">{i}</text>')
        parts.append(f'<text x="{edge + i * step + 16}" y="{edge - 7}" text-anchor="middle" font-size="11">{i}</text>')
        for j in range(size):
            fill = "#2f4fa2" if j <= i else "#eef0f4"
            opacity = 1 / (i - j + 1.4) if j <= i else 1
            parts.append(
                f'<rect x="{edge + j * step}" y="{edge + i * step}" width="{step - 3}" height="{step - 3}"'
                f' rx="3" fill="{fill}" fill-opacity="{opacity:.2f}"/>'
            )
    i, j = leak
    parts.append(
        f'<rect x="{edge + j * step - 1}" y="{edge + i * step - 1}" width="{step - 1}" height="{step - 1}"'
        ' rx="4" fill="#d9622b" fill-opacity="0.75" stroke="#a83a08" stroke-width="2"/>'
    )
    side = edge + size * step + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}"'
        f' font-family="sans-serif" fill="#1d1f24">{"".join(parts)}</svg>'
    )


def grade(number: int = 0, skill: float | None = None) -> Grade:
    """One student's grade; `skill` in 0..1 is the chance that a check passes."""
    dice = random.Random(number)
    level = skill if skill is not None else min(0.98, max(0.1, dice.gauss(0.74, 0.2)))
    died = skill is None and number % 41 == 17
    items = tuple(_item(dice, level, number, *entry) for entry in ITEMS)
    items = (
        *items,
        ItemGrade(
            "s000-4.1c",
            "Why GPUs handle it well",
            Kind.MANUAL,
            "s000-4_1c",
            0,
            3,
            "needs_manual_grade",
            pending=3,
        ),
    )
    cells = _cells(dice, died)
    repaired: tuple[Repair, ...] = ()
    if number % 7 == 3:
        repaired += (Repair("deleted", "test-s000-3_1", "A test cell was missing and has been put back."),)
    if number % 11 == 4:
        repaired += (
            Repair("edited", "test-s000-4_2", "The test cell had been edited; the released text was used."),
            Repair("moved", "s000-3_2_1", "A cell stood above the cell it needs and has been moved back."),
        )
    if number % 13 == 5:
        repaired += (Repair("kernel", "", "The notebook asked for another kernel; it ran with Python 3."),)
    return Grade(
        student=f"{FIRST[number % len(FIRST)]}.{1000 + number}",
        assignment="rnn_backprop",
        digest=f"{dice.getrandbits(256):064x}",
        repaired=repaired,
        error="The notebook's process ended in cell s000-4_2: it used more memory than allowed." if died else "",
        flagged=died or number % 11 == 4,
        seed=dice.getrandbits(40),
        sandbox="bwrap",
        seconds=sum(cell.seconds for cell in cells),
        cpu_seconds=sum(cell.seconds for cell in cells) * 0.8,
        cells=cells,
    ).with_items(items)


def classroom(size: int) -> list[Grade]:
    """A class of `size` students."""
    return [grade(number) for number in range(size)]


def _cells(dice: random.Random, died: bool) -> tuple[CellRun, ...]:
    cells = [
        CellRun(f"s000-{part}", "ok", round(dice.expovariate(4), 3))
        for part in ("imports", "2_08", "3_1", "3_2_1", "3_2_2", "3_2_3", "4_1b", "4_2", "causal")
    ]
    if dice.random() < 0.15:
        cells[4] = replace(
            cells[4],
            status="error",
            error="RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x4 and 2x4)",
        )
    if dice.random() < 0.04:
        cells[5] = replace(cells[5], status="timeout", seconds=30.0, error="The cell ran longer than 30 s.")
    if died:
        cells[7] = replace(cells[7], status="died", error="")
        cells[8] = replace(cells[8], status="skipped", seconds=0.0)
    return tuple(cells)


def _item(
    dice: random.Random,
    level: float,
    number: int,
    name: str,
    title: str,
    kind: Kind,
    checks: tuple[tuple[str, str, float, str, str], ...],
) -> ItemGrade:
    results = []
    for check, claim, worth, message, hint in checks:
        roll = dice.random()
        lost = number % 23 == 6 and check == "masked_key_gets_no_gradient"
        status = Status.COULD_NOT_CHECK if lost else Status.PASSED if roll < level else Status.FAILED
        failed = status is Status.FAILED
        told = failed and dice.random() < 0.6 and check in MISTAKES
        results.append(
            CheckResult(
                name=check,
                item=name,
                status=status,
                points=worth if status is Status.PASSED else 0,
                max_points=worth,
                claim=claim,
                message=message if failed else "",
                hint=hint if failed else "",
                picture=attention_picture() if failed and "future_tokens" in check else "",
                mistake=MISTAKES[check] if told else "",
                thinks=THINKS.get(check, "") if told else "",
                detail=f"max error {dice.random():.3g} at (3, 1); wanted 0.2914, got 0.5523\nshape (3, 5)"
                if failed
                else "ChannelTimeout: no answer within 10.0 s on two tries"
                if lost
                else "",
                carried=status is Status.PASSED and name == "s000-3.2.3" and number % 5 == 2,
                seconds=0.02,
            )
        )
    return item_of(name, title, kind, tuple(results))


def item_of(name: str, title: str, kind: Kind, checks: tuple[CheckResult, ...]) -> ItemGrade:
    """An item whose numbers are the sums of its checks'."""
    score, top = sum(c.points for c in checks), sum(c.max_points for c in checks)
    pending = sum(c.max_points for c in checks if c.status is Status.COULD_NOT_CHECK)
    status = "could_not_check" if pending else "passed" if score == top else "partial" if score else "failed"
    return ItemGrade(name, title, kind, name.replace(".", "_"), score, top, status, pending, "", checks)
