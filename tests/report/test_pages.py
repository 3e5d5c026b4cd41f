"""The feedback page as a whole: short where little was done, each cause once, a person's points beside the checks'."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Kind, Status
from autograder.report import classreport, html, markdown, terminal
from autograder.report.feedback import feedback_blocks
from autograder.report.plain import CODE_LIMIT
from autograder.report.ran import clean
from autograder.report.verdicts import reasons
from tests.report import sample
from tests.report.hostile import PAYLOADS, assert_dead, words
from tests.report.test_terminal import shown as in_terminal

FAILED = CheckResult(
    "c", "one", Status.FAILED, 0, 2, "The claim.", "`f` raised ValueError.", "look", given="`f`, called"
)


def check(name: str, item: str, **more: Any) -> CheckResult:
    """A failed check of some item, with a claim of its own."""
    return replace(FAILED, name=name, item=item, claim=f"Claim {name}.", **more)


def item(id: str, *checks: CheckResult, **more: Any) -> ItemGrade:
    """A code item with these checks, its answer in the cell of its name."""
    return replace(sample.item_of(id, f"Item {id}", Kind.CODE, checks), answer=id, **more)


def proof(id: str = "proof", **more: Any) -> ItemGrade:
    """An item that a person grades."""
    return replace(ItemGrade(id, "A proof", Kind.MANUAL, id, 0, 3, "needs_manual_grade", pending=3, answer=id), **more)


def grade(*items: ItemGrade, **more: Any) -> Grade:
    """A grade of these items, its sums theirs."""
    code = [i for i in items if i.kind is not Kind.MANUAL]
    made = Grade("s", "a", "d" * 64, sum(i.score for i in code), sum(i.max_score for i in code), items,
                 manual_max=sum(i.max_score for i in items if i.kind is Kind.MANUAL))  # fmt: skip
    return replace(made, **more)


def soup_of(given: Grade) -> BeautifulSoup:
    return assert_dead(html.page("x", feedback_blocks(given)))


def read(given: Grade) -> tuple[str, str]:
    """The words of the HTML page, and the Markdown text without its escapes."""
    text = markdown.page(feedback_blocks(given))
    return words(soup_of(given).get_text(" ")), words(re.sub(r"\\([^\w\s])", r"\1", text))


def blank(*names: str) -> tuple[ItemGrade, ...]:
    """Items that nobody began."""
    return tuple(item(n, check(n, n), check(f"{n}2", n), status="not_started", section="2.1") for n in names)


def notebook(**cells: str) -> dict[str, Any]:
    """A notebook of these answers."""
    made = [{"cell_type": "code", "id": n, "metadata": {"nbgrader": {"grade_id": n}}, "source": text}
            for n, text in cells.items()]  # fmt: skip
    return {"cells": made}


def test_a_blank_page_is_a_headline_and_a_table() -> None:
    """Of a notebook that nobody began the page says so once, lists the items, and explains nothing."""
    cells = tuple(CellRun(n, "error", 0.1, "NotImplementedError:") for n in ("one", "two"))
    given = grade(*blank("one", "two"), proof(status="not_started", pending=0.0), cells=cells)
    for shown in read(given):
        assert "Nothing answered yet: 3 items, 11 points." in shown
        assert shown.count("○ not started") == 3 + 1  # the legend
        assert "raised ValueError" not in shown
        assert "A person grades" not in shown
    soup = soup_of(given)
    assert not soup.find_all(class_="card")
    assert not soup.find_all(class_="verdict", recursive=False)
    folded = soup.find("summary", string=re.compile("How your notebook ran: 2 cells stopped with an error"))
    assert folded.find_parent("details").get_text().count("NotImplementedError") == 1
    assert words(soup.find(class_="of").get_text()) == "of 11 points"


def test_a_half_done_page_says_what_is_not_started_in_one_line_each() -> None:
    """Items that were not begun stand in the table only; the others have their cards."""
    given = grade(*blank("one"), item("two", check("x", "two")), proof())
    for shown in read(given):
        assert "Not started: 1 item, 4 points." in shown
        assert "A person grades 3 points more" in shown
    soup = soup_of(given)
    assert [card.h3.get_text() for card in soup.find_all(class_="card")] == ["Item two"]
    assert soup.find("table").find_all("a")[0].get_text() == "Item two"
    assert "Claim one." not in soup.get_text()


def test_one_cause_is_told_once_with_all_that_it_cost() -> None:
    """The item where it shows first explains it and names the others; these link back to it."""
    one = item("one", check("a", "one"), check("b", "one"), check("d", "one", message="Another."), section="1.2")
    two = item("two", check("e", "two", given="with other shapes"), check("f", "two"))
    given = grade(one, two)
    for shown in read(given):
        assert shown.count("raised ValueError.") == 1
        assert "1 more check failed for the same cause: 2 points" in shown
        assert "It also costs 2 checks, 4 points, of Item two" in shown
        assert "Same cause as in 1.2 Item one" in shown
        assert shown.count("Another.") == 1
        assert shown.count(" look") == 1
        for claim in "abdef":
            assert f"Claim {claim}." in shown
    link = soup_of(given).find("a", string="1.2 Item one", href="#item-1")
    assert link is not None
    panel = in_terminal(terminal.grade_panel(given))
    assert panel.count("raised ValueError") == 1
    assert panel.count("Same cause as above.") == 3


def test_what_a_check_alone_has_to_say_stays_with_it() -> None:
    """Of several checks with one misconception each keeps what it saw, its hint and its picture; none is repeated."""
    first = check("a", "one", mistake="You doubled.", message="Saw one.", picture=sample.attention_picture())
    second = replace(first, name="b", claim="Claim b.", message="Saw two.", hint="other", picture="")
    third = replace(first, name="d", claim="Claim d.")
    for shown in read(grade(item("one", first, second, third))):
        order = ("Claim a.", "You doubled.", "Saw one.", "Claim b.", "Saw two.", "Claim d.")
        places = [shown.index(part) for part in order]
        assert places == sorted(places)
        assert [shown.count(part) for part in ("You doubled.", "Saw one.", " look", "other")] == [1, 1, 1, 1]
    assert len(soup_of(grade(item("one", first, third))).find_all(class_="picture")) == 1


def test_checks_without_words_are_not_one_cause() -> None:
    """A check that says nothing has nothing in common with another."""
    silent = [replace(check(name, "one"), message="", hint="", given="") for name in "ab"]
    for shown in read(grade(item("one", *silent))):
        assert "same cause" not in shown.lower()


def test_what_the_code_was_called_with_stands_beside_the_cause() -> None:
    """Names, shapes and dtypes of the first such check."""
    for shown in read(grade(item("one", check("a", "one"), check("b", "one", given="other")))):
        assert re.search(r"Called:\W* ?`? ?f ?`?, called", shown)
        assert "other" not in shown


def test_cards_have_sections_and_a_way_back() -> None:
    """The number of the section stands before the title, and a link leads back to the table."""
    soup = soup_of(grade(item("one", check("a", "one"), section="2.1")))
    assert soup.find(class_="card").h3.get_text() == "2.1 Item one"
    assert soup.find(class_="card").find(class_="back")["href"] == "#items"
    assert soup.find(id="items") is not None


def test_the_legend_explains_the_signs_that_occur() -> None:
    """Page, terminal and class report say what their signs mean, and not what others would."""
    given = grade(*blank("one"), item("two", check("x", "two")), proof())
    table, panel = terminal.score_table([given]), terminal.grade_panel(given)
    for shown in (*read(given), in_terminal(table, 200), in_terminal(panel)):
        for sign in ("✗ no points", "○ not started", "✎ a person reads it"):
            assert sign in words(shown.replace("│", ""))
        assert "◐ some" not in shown


def test_the_legend_knows_the_signs_of_checks() -> None:
    """Of an item that is partly right the page also shows checks that are and that are not."""
    right = replace(FAILED, name="r", status=Status.PASSED, points=2, message="", given="")
    for shown in read(grade(item("one", check("a", "one"), right))):
        assert "✓ all points, ◐ some of the points, ✗ no points." in shown


def test_the_answer_can_be_unfolded_beside_its_verdict() -> None:
    """The cell as it ran, coloured, escaped, folded; in Markdown only where something is wrong with it."""
    code = "def one(x):\n    return '<script>' + x  # <b>"
    passed = replace(FAILED, status=Status.PASSED, points=2, message="", given="")
    given = grade(item("one", check("a", "one")), item("two", passed), notebook=notebook(one=code, two="two = 3"))
    soup = soup_of(given)
    folds = [fold for fold in soup.find_all("details") if fold.summary.get_text() == "Your answer, as it ran"]
    assert [fold.pre.get_text() for fold in folds] == [code, "two = 3"]
    assert folds[0].find("span", class_="kw") is not None
    text = markdown.page(feedback_blocks(given))
    assert f"```python\n{code}\n```" in text
    assert "two = 3" not in text


def test_answers_of_any_size_leave_the_page_small() -> None:
    """Of one cell so much is shown, and of all together."""
    many = tuple(item(f"i{n}", check(f"c{n}", f"i{n}")) for n in range(60))
    given = grade(*many, notebook=notebook(**{i.id: "x = '(' * 3\n" * 100_000 for i in many}))
    page = html.page("x", feedback_blocks(given))
    assert len(page) < 600_000
    assert max(len(pre.get_text()) for pre in BeautifulSoup(page, "html.parser").find_all("pre")) <= CODE_LIMIT


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_answer_is_only_text(payload: str) -> None:
    """As code, as prose, as a comment of a person and in a rubric."""
    cells = notebook(one=payload)
    cells["cells"].append({"cell_type": "markdown", "id": "p", "metadata": {"nbgrader": {"grade_id": "proof"}},
                           "source": [payload]})  # fmt: skip
    said = proof(comment=payload, rubric=f"- **2**: {payload}", reference=payload, person=1.0)
    given = grade(item("one", check("a", "one")), said, notebook=cells, late=payload)
    soup = soup_of(given)
    assert not soup.find_all(["b", "i", "u"], class_=lambda name: name != "lead")
    assert in_terminal(terminal.render(feedback_blocks(given)))
    assert not re.search(r"^\s*::", markdown.page(feedback_blocks(given)), re.MULTILINE)


def test_an_error_is_told_without_our_names() -> None:
    """How IPython calls a cell's file is nobody's business, and a colon without a text is none."""
    assert clean("SyntaxError: expected ':' (689672726.py, line 12)") == "SyntaxError: expected ':' (line 12)"
    assert clean("SyntaxError: no (/tmp/ipykernel_7/1.py, line 3)") == "SyntaxError: no (line 3)"
    assert clean("IndentationError: no (<tokenize>, line 3)") == "IndentationError: no (line 3)"
    assert clean("NotImplementedError: ") == "NotImplementedError"
    assert clean("ValueError: f(x) (mine.py, line 3)") == "ValueError: f(x) (mine.py, line 3)"


def test_the_run_is_folded_unless_it_matters() -> None:
    """Errors of answers and tests are told at their items; one anywhere else stands open, as does an early end."""
    told = (CellRun("one", "error", 0.1, "NameError: q"), CellRun("test", "error", 0.1, "NameError: q"))
    one = item("one", check("a", "one"), cell="test")
    fold = soup_of(grade(one, cells=told)).find("summary", string=re.compile("How your notebook ran"))
    assert fold is not None
    inside = words(fold.find_parent("details").get_text(" "))
    assert "The answer to Item one, The tests of Item one stopped with an error" in inside
    setup = CellRun("setup", "error", 0.1, "NameError: z")
    for other in (setup, CellRun("one", "timeout", 9.0), CellRun("one", "died", 1)):
        soup = soup_of(grade(one, cells=(*told, other), notebook=notebook(setup="\nimport jax\nx = 1")))
        assert soup.find("h2", string="How your notebook ran") is not None
        if other.cell == "setup":
            assert "The cell that begins with 'import jax' stopped with an error" in words(soup.get_text(" "))


def test_a_persons_points_count_instead_of_the_checks() -> None:
    """Checks, people and lateness are each named, and add up to the number on top."""
    given = grade(
        item("one", check("a", "one"), person=1.5, extra=0.5, comment="Well argued.\nMind the sign."),
        proof(person=2.0, pending=0.0, status="partial", reference="So.",
              rubric="- **2**: the idea\n- **1**: the signs"),
        proof("second"), penalty=1.0, late="Handed in 2 hours late: 1 point is taken off.",
    )  # fmt: skip
    assert (given.by_person, given.total, given.total_max, given.waiting) == (4.0, 3.0, 5.0, 3.0)
    for shown in read(given):
        assert "3 of 5 points" in shown.replace("*", "")
        assert "A person gave 1.5 of 2 points. They count in place of the checks' 0 points." in shown
        assert "0.5 points of extra credit" in shown
        assert "A person gave 2 of 3 points." in shown
        for part in ("Well argued.", "Mind the sign.", "2 points: the idea", "1 point: the signs", "So."):
            assert part in shown
        assert "Handed in 2 hours late: 1 point is taken off." in shown
        assert shown.count("waiting for a person") == 1
        assert "A person grades 3 points more" in shown
    facts = {dt.get_text(): dt.find_next("dd").contents[0] for dt in soup_of(given).find_all("dt")}
    assert facts == {"Checks": "0", "A person": "+4", "Late": "-1", "Together": "3"}
    assert "3 / 5" in in_terminal(terminal.score_table([given]), 200)


def test_what_nobody_began_is_nothing_to_look_at() -> None:
    """That a stub broke a check is no reason to look at the submission; that an answer did is one."""
    odd = check("a", "one", odd=True)
    assert reasons(grade(item("one", odd, status="not_started"))) == ""
    assert reasons(grade(item("one", odd))) == "1 check failed for an answer of odd form"


def test_a_comment_on_nothing_is_shown() -> None:
    """What a person wrote below an empty answer reaches the student."""
    given = grade(proof(status="not_started", pending=0.0, comment="See me about this."), *blank("one"))
    for shown in read(given):
        assert "See me about this." in shown


def test_the_class_report_has_peoples_points_and_lateness() -> None:
    """Columns of their own, only where there is something in them; blank work is counted."""
    plain = replace(grade(item("one", check("a", "one")), proof()), student="plain")
    given = item("one", check("a", "one"), person=2.0)
    late = replace(grade(given, proof(), penalty=0.5, late="Late."), student="late")
    empty = replace(grade(*blank("one"), proof(status="not_started", pending=0.0)), student="empty")

    def table(*grades: Grade) -> tuple[list[str], dict[str, list[str]]]:
        soup = assert_dead(html.page("x", classreport.class_blocks(grades, title="t"), wide=True))
        grid = soup.find(class_="grid")
        rows = {row.th.get_text(): [td.get_text() for td in row.find_all("td")] for row in grid.tbody.find_all("tr")}
        return [words(th.get_text()) for th in grid.thead.find_all("th")], rows

    head, rows = table(plain, late, empty)
    assert head[:5] == ["Student", "Checks", "By people", "Late", "Together"]
    assert rows["late"][1:4] == ["2", "-0.5", "1.5 of 2"]
    assert rows["plain"][1:4] == ["", "", "0 of 2"]
    assert rows["empty"][4:6] == ["○", "○"]
    assert table(plain, empty)[0][:2] == ["Student", "Score"]
    shown = words(html.page("x", classreport.class_blocks([plain, late, empty], title="t")))
    assert "1 with nothing answered, 1 late, with points off" in shown
    assert re.search(r'class="n blank"><i aria-hidden="true">○</i>1', shown)
