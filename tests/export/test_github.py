"""What GitHub shows: nothing hidden, nothing that a text could forge, and within GitHub's limits."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.export.github import SUMMARY_LIMIT, annotated, classroom, command, summary
from autograder.export.public import Check, Item, Result, public
from autograder.model import Status
from tests.export.made import HIDDEN, grade, result
from tests.report.hostile import PAYLOADS

ANY = st.text(st.characters(exclude_categories=[]), max_size=40)


def saying(text: str, checks: int = 1) -> Result:
    """A result that says `text` wherever a text can stand."""
    failed = tuple(Check(f"one.{n}", text, Status.FAILED, 0.0, 1.0, text) for n in range(checks))
    unsure = Check("one.x", text, Status.COULD_NOT_CHECK, 0.0, 1.0, text)
    item = Item("one", text, 0.0, 2.0, checks=(*failed, unsure))
    return Result(text, text, 0.0, 2.0, 1.0, late=text, error=text, items=(item,))


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it."""
    found = re.fullmatch(r"::(\w+)(?: ([^:]*))?::(.*)", line)
    assert found is not None, line
    told = dict(part.split("=", 1) for part in (found[2] or "").split(",") if part)
    turn = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}

    def plain(text: str) -> str:
        return re.sub("%(?:0D|0A|3A|2C|25)", lambda code: turn[code[0]], text)

    return found[1], {key: plain(value) for key, value in told.items()}, plain(found[3])


class TestAnnotations:
    """Workflow commands."""

    def test_a_failed_check_is_an_error_and_ours_a_warning(self) -> None:
        """Each with the notebook, the claim and what the student reads."""
        first, second, third = map(read, annotated(public([grade()]), "hw/a,b:c.ipynb"))
        assert first == (
            "error",
            {"file": "hw/a,b:c.ipynb", "title": "Sums: It adds rows."},
            "You average. Wrong. Think.",
        )
        assert second[1]["title"] == "More: More"
        assert third[0] == "warning"
        assert "costs nothing" in third[2]

    @given(ANY, ANY)
    def test_any_text_stays_in_its_command(self, title: str, message: str) -> None:
        """One line, one command, and what the runner reads is what was said."""
        line = command("error", message, title=title)
        assert len(line.splitlines()) == 1
        name, told, said = read(line)
        assert name == "error"
        assert set(told) <= {"title"}
        assert len(said) <= 1000

    def test_percent_is_written_first(self) -> None:
        """A text that looks like an escape is not one."""
        assert command("error", "50%0A\n", title="a%2C,:") == "::error title=a%252C%2C%3A::50%250A"

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_is_forged(self, payload: str) -> None:
        """A hostile text makes as many commands as a plain one."""
        lines = "\n".join(annotated([saying(payload)])).splitlines()
        assert len(lines) == 2
        assert all(read(line)[0] in ("error", "warning") for line in lines)

    def test_no_more_than_github_shows(self) -> None:
        """Ten errors; the last one says how many more there are."""
        lines = annotated([saying("x", 30)])
        errors = [line for line in lines if line.startswith("::error")]
        assert len(errors) == 10
        assert "21 more" in errors[-1]


class TestSummary:
    """The summary of a step."""

    def test_it_says_what_counts(self) -> None:
        """Score, items, what is wrong and why; what is open, in words. Nothing hidden."""
        text = summary(public([grade()]))
        assert "**1 of 12 points**" in text
        assert "Not the last word" in text
        assert "You average. Wrong. Think." in text
        assert "It adds rows." in text
        assert not any(secret in text or secret.replace("_", r"\_") in text for secret in HIDDEN)

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_texts_are_only_texts(self, payload: str) -> None:
        """No line begins a command, and no HTML, link or code of a student's is markup."""
        text = summary([saying(payload)])
        assert not re.search(r"^\s*::\w", text, re.MULTILINE)
        assert not re.search(r"(?<!\\)<\w", text)
        assert not re.search(r"(?<!\\)\]\(", text)
        text.encode("utf-8")

    def test_no_longer_than_github_takes(self) -> None:
        """What is left out is told."""
        many = [saying("ü" * 900, 30)] * 40
        text = summary(many)
        assert len(text.encode("utf-8")) <= SUMMARY_LIMIT + 200
        assert re.search(r"\d+ more results are left out", text)


class TestClassroom:
    """The JSON of Classroom's reporter."""

    def test_scores_add_up(self) -> None:
        """The reporter adds up the tests: that is the total."""
        one = replace(result("ada", 3, 5), penalty=0.5, total=2.5, late="A day late.")
        document = json.loads(classroom(one))
        assert set(document) == {"version", "status", "max_score", "tests"}
        assert (document["version"], document["status"], document["max_score"]) == (1, "fail", 5)
        assert [(test["status"], test["score"]) for test in document["tests"]] == [
            ("pass", 3),
            ("fail", 0),
            ("fail", -0.5),
        ]

    def test_ours_is_an_error(self) -> None:
        """Neither passed nor failed; all passed is a pass. Nothing hidden."""
        text = classroom(public([grade()])[0])
        assert json.loads(text)["status"] == "error"
        assert [test["status"] for test in json.loads(text)["tests"]] == ["pass", "fail", "error", "fail"]
        assert not any(secret in text for secret in HIDDEN)
        good = result("ada", 5, 5)
        whole = replace(good, items=(replace(good.items[0], checks=good.items[0].checks[:1]),))
        assert json.loads(classroom(whole))["status"] == "pass"

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_what_it_prints_commands_nothing(self, payload: str) -> None:
        """The reporter prints names and messages into the log."""
        for test in json.loads(classroom(saying(payload)))["tests"]:
            for text in (test["name"], test["message"]):
                assert not re.search(r"^::|\n|\x1b|##\[", text)
