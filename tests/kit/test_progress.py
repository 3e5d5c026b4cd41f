"""A bar for loops of one's own: the loop is the same with it, and quick or graded loops show nothing."""

from __future__ import annotations

import time

import pytest
from seq2kit.progress import progress


@pytest.mark.parametrize("graded", [False, True])
def test_the_steps_come_as_they_are(graded: bool, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    """Each step once and in order, also of what has no length; a quick loop and a graded one print nothing."""
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load" if graded else "")
    assert list(progress(range(5))) == [0, 1, 2, 3, 4]
    assert list(progress(k * k for k in range(4))) == [0, 1, 4, 9]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("graded", "shown"), [("", True), ("load", False)])
def test_a_slow_loop_tells_its_label(graded: str, shown: bool, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    """What takes longer than a second shows a bar by its name, unless it is graded."""
    monkeypatch.setenv("SEQ2GRADE_GRADING", graded)
    for _ in progress(range(3), "epochs"):
        time.sleep(0.6)
    assert ("epochs" in capfd.readouterr().err) == shown
