"""Hidden checks of 4.2 and Part 5: flips to another kind, and whether order and binding are heard."""

from __future__ import annotations

from typing import Any

import torch
from seq2kit.clip import pairs, shapes

from autograder.judge import Draw, Feedback, Student, check, expect

from . import reference as ref
from . import shared

SCORES = ("text", "image", "group")


# --- s001-4.2-kinds --------------------------------------------------------


def _content_rate(student: Student, caption: str, variants: list[str]) -> float:
    return float(expect.number(student.content_flip_rate(caption, variants), what="content_flip_rate(...)"))


@check(item="s001-4.2-kinds", points=2)
def only_another_kind_counts(student: Student, draw: Draw) -> None:
    """content_flip_rate is the share of variants that pick a picture of another kind than the caption picks."""
    twin, near = shared.flips_inside_its_kind(draw)
    caption, *variants = shared.clear_captions(draw, 6)
    for said, others in ((twin, near), (caption, [*variants, caption.upper(), shared.strange_caption(draw)])):
        expect.close(
            _content_rate(student, said, others),
            ref.content_flip_rate(said, others),
            what="content_flip_rate for captions of all sorts",
            rtol=0,
            atol=shared.TWO_DIGITS,
            hint="of all variants, how many pick a picture whose kind is not that of the picture the caption picks?",
        )


@check(item="s001-4.2-kinds")
def contents_in_plain_cases(student: Student, draw: Draw) -> None:
    """Nothing changed gives 0, all others give 1, each variant counts, a repeated one each time; the list stays."""
    first, second, *others = shared.apart(draw, 5)
    cases = {
        (first, (first, first.title())): 0.0,
        (first, (second, *others)): 1.0,
        (first, (second,)): 1.0,
        (first, (first, second, second, second)): 0.75,
        (second, (first, second, second)): 1 / 3,
    }
    for (caption, variants), rate in cases.items():
        got, after = student.with_inputs("content_flip_rate", caption, list(variants))
        expect.close(
            expect.number(got, what="content_flip_rate(...)"),
            rate,
            what=f"content_flip_rate with {len(variants)} variants",
            rtol=0,
            atol=shared.TWO_DIGITS,
            hint="a share of all variants, not only of those that flip",
        )
        expect.unharmed(list(variants), after[1], what="the list of variants of content_flip_rate")


@check(item="s001-4.2-kinds", points=2)
def the_table_counts_contents(student: Student, draw: Draw) -> None:
    """Computed again, each entry of content_flips is the mean over the probes."""
    table = student.value("content_flips")
    if not isinstance(table, dict) or set(table) != set(shapes.KINDS_OF_CHANGE):
        raise Feedback(
            "content_flips should be a dict with one entry for each of shapes.KINDS_OF_CHANGE.",
            "is it still None, or did the cell stop before it was filled?",
        )
    bounds, near = ref.flips(shared.TIE, by_kind=True), shared.TWO_DIGITS
    found = {change: expect.number(table[change], what=f"content_flips[{change!r}]") for change in bounds}
    wrong = [change for change, (low, high) in bounds.items() if not low - near <= found[change] <= high + near]
    expect.true(
        not wrong,
        f"content_flips is not what the model does for: {', '.join(wrong)}.",
        "the mean of content_flip_rate(scene.caption, variants) over all scenes in shapes.PROBES",
        f"{found} {bounds}",
    )


# --- s001-4.2-binding ------------------------------------------------------


def _scores(reply: Any, *, what: str) -> dict[str, float]:
    """The three scores as plain numbers. Raises Feedback."""
    if not isinstance(reply, dict) or not set(SCORES) <= set(reply):
        raise Feedback(f"{what} should be a dict with the keys {', '.join(SCORES)}.")
    return {name: float(expect.number(reply[name], what=f"{name} in {what}")) for name in SCORES}


def _one_each(draw: Draw) -> torch.Tensor:
    """Tables of all 24 orders of four numbers, each once: every combination of right and wrong is among them."""
    orders = torch.cartesian_prod(*[torch.arange(4)] * 4)
    orders = orders[[len(set(row.tolist())) == 4 for row in orders]]
    values = torch.sort(draw.tensor(24, 4), dim=1).values
    return values.gather(1, orders)[draw.permutation(24)].reshape(24, 2, 2)


def _uneven(draw: Draw) -> torch.Tensor:
    """The same tables, and twice more those in which only the captions are right: text and image then differ."""
    tables = _one_each(draw)
    only = [
        k
        for k, table in enumerate(tables)
        if ref.winoground(table[None])["image"] > ref.winoground(table[None])["text"]
    ]
    return torch.cat([tables, *[tables[only]] * 2])


def _right_for(student: Student, tables: torch.Tensor, names: tuple[str, ...], hint: str, what: str) -> None:
    got, wanted = _scores(student.winoground_scores(tables), what="winoground_scores(...)"), ref.winoground(tables)
    for name in names:
        expect.close(got[name], wanted[name], what=f"{name} {what}", rtol=0, atol=shared.TWO_DIGITS, hint=hint)


@check(item="s001-4.2-binding")
def text_asks_each_picture(student: Student, draw: Draw) -> None:
    """text is the share of quadruples in which both pictures prefer their own caption."""
    hint = "a picture is a row of its table, and both pictures have to be right"
    for tables in (_uneven(draw), draw.tensor(7, 2, 2), draw.tensor(1, 2, 2)):
        _right_for(student, tables, ("text",), hint, "for tables of drawn numbers")


@check(item="s001-4.2-binding")
def image_asks_each_caption(student: Student, draw: Draw) -> None:
    """image is the share of quadruples in which both captions prefer their own picture."""
    hint = "a caption is a column of its table, and both captions have to be right"
    for tables in (_uneven(draw), draw.tensor(7, 2, 2), draw.tensor(1, 2, 2)):
        _right_for(student, tables, ("image",), hint, "for tables of drawn numbers")


@check(item="s001-4.2-binding")
def group_asks_all_at_once(student: Student, draw: Draw) -> None:
    """group is the share of quadruples in which text and image are both right, counted one by one."""
    hint = "in the same quadruple: neither the product nor the smaller one of the two shares"
    for tables in (_uneven(draw), draw.tensor(9, 2, 2), draw.tensor(1, 2, 2)):
        _right_for(student, tables, ("group",), hint, "for tables of drawn numbers")


@check(item="s001-4.2-binding")
def ties_are_no_preference(student: Student, draw: Draw) -> None:
    """Where two similarities are equal neither is preferred, wherever they stand."""
    given_with_ties = [torch.full((3, 2, 2), draw.uniform(0.1, 0.9), dtype=torch.float64)]
    for k in (0, 1):
        rows, columns = (_one_each(draw) for _ in range(2))
        rows[::2, k] = rows[::2, k, :1]  # this picture does not care
        columns[1::2, :, k] = columns[1::2, :1, k]  # this caption does not
        given_with_ties += [rows, columns]
    for given in given_with_ties:
        _right_for(student, given, SCORES, "to prefer is to be greater, not to be as great", "with ties")


@check(item="s001-4.2-binding")
def only_the_order_counts(student: Student, draw: Draw) -> None:
    """Large, small, negative, single-precision similarities and zeros are judged alike, and the argument stays."""
    tables = _one_each(draw)
    none_at_first = tables - tables[:, :1, :1]  # exactly 0 at each first place
    for given in (tables * 1e4, tables * 1e-4, tables - 50, tables.float(), none_at_first):
        _right_for(student, given, SCORES, "which of two is greater does not depend on their size", "at another scale")
    first, after = student.with_inputs("winoground_scores", tables)
    expect.unharmed([tables], after, what="the argument of winoground_scores")
    again = _scores(student.winoground_scores(tables), what="winoground_scores(...)")
    before = _scores(first, what="winoground_scores(...)")
    expect.true(before == again, "The same tables give other scores the second time.", "does it keep something?")


@check(item="s001-4.2-binding", points=2)
def the_table_of_contrasts_is_what_the_model_does(student: Student, draw: Draw) -> None:
    """Computed again, each score in binding is that of the shipped model on the pictures of the notebook."""
    table = student.value("binding")
    if not isinstance(table, dict) or set(table) != set(pairs.CONTRASTS):
        raise Feedback(
            "binding should be a dict with one entry for each of pairs.CONTRASTS.",
            "is it still None, or did the cell stop before it was filled?",
        )
    near, wrong = shared.TWO_DIGITS, []
    for contrast, tables in ref.pair_tables().items():
        got = _scores(table[contrast], what=f"binding[{contrast!r}]")
        low, high = (ref.winoground(tables, margin) for margin in (shared.TIE, -shared.TIE))
        wrong += [f"{contrast}: {n}" for n in SCORES if not low[n] - near <= got[n] <= high[n] + near]
    expect.true(
        not wrong,
        f"binding is not what the model does for {', '.join(wrong)}.",
        "the cosines of the two pictures with the two captions of each quadruple, and all 180 of them",
    )
