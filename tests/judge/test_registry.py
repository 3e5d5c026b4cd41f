"""Declaring checks and loading them from an assignment folder."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import AssignmentError
from autograder.judge import load_checks
from autograder.judge.registry import Check, load_module

HEAD = "from autograder.judge import check\n"


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder with these Python files; `__` in a name stands for /."""
    for name, text in files.items():
        path = tmp_path / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    return tmp_path


def declared(name: str, item: str = "one", points: object = 1, claim: str = "A claim.") -> str:
    doc = f'    """{claim}"""\n' if claim else ""
    return f"@check(item={item!r}, points={points})\ndef {name}(student, draw):\n{doc}    return None\n"


def test_checks_come_in_file_and_source_order(tmp_path: Path) -> None:
    """Files by name, and within a file as written; what lies elsewhere holds no checks."""
    place = folder(tmp_path, checks__b=declared("b2") + declared("b1"), checks__a=declared("z"), other=declared("no"))
    assert [c.name for c in load_checks(place)] == ["z", "b2", "b1"]


def test_what_a_check_is(tmp_path: Path) -> None:
    """A check has its item, its points as a float, and its docstring on one line as claim."""
    (found,) = load_checks(folder(tmp_path, checks=declared("sums", "two", 3, "Rows\n    sum to 1.")))
    assert isinstance(found, Check)
    assert (found.name, found.item, found.points, found.claim) == ("sums", "two", 3.0, "Rows sum to 1.")
    assert isinstance(found.points, float)


def test_functions_that_are_not_declared_are_helpers(tmp_path: Path) -> None:
    """Only what bears @check is a check."""
    assert load_checks(folder(tmp_path, checks="def helper(student, draw):\n    'Not one.'\n")) == ()


def test_a_folder_without_check_files_has_none(tmp_path: Path) -> None:
    """No file, no checks, no error."""
    assert load_checks(tmp_path) == ()


@pytest.mark.parametrize("claim", ["", "   "])
def test_a_check_needs_a_claim(tmp_path: Path, claim: str) -> None:
    """A check without docstring is refused: students read the claim."""
    with pytest.raises(AssignmentError, match=r"checks\.py: silent: .*docstring"):
        load_checks(folder(tmp_path, checks=declared("silent", claim=claim)))


def test_names_are_unique_across_files(tmp_path: Path) -> None:
    """The same name in two files is refused, naming the second."""
    with pytest.raises(AssignmentError, match=r"more\.py: twice: .*unique"):
        load_checks(folder(tmp_path, checks__less=declared("twice"), checks__more=declared("twice")))


def test_what_another_file_declares_is_counted_once(tmp_path: Path) -> None:
    """A file of checks may import what another one declares."""
    place = folder(tmp_path, checks__a=declared("one"), checks__b="from .a import one\n")
    assert [c.name for c in load_checks(place)] == ["one"]


def test_checks_are_a_file_or_a_folder(tmp_path: Path) -> None:
    """Where there are both, nobody would know which is meant."""
    with pytest.raises(AssignmentError, match="there are both"):
        load_checks(folder(tmp_path, checks=declared("one"), checks__a=declared("two")))


@pytest.mark.parametrize("points", ["0", "-1", "float('nan')", "float('inf')"])
def test_points_are_positive_and_finite(tmp_path: Path, points: str) -> None:
    """A check that counts nothing, less than nothing, or no number at all is refused."""
    with pytest.raises(AssignmentError, match="points > 0"):
        load_checks(folder(tmp_path, checks=declared("free", points=points)))


@pytest.mark.parametrize("text", ["import no_such_module\n", "def broken(:\n", "1 / 0\n"])
def test_a_file_that_does_not_import_is_named(tmp_path: Path, text: str) -> None:
    """Whatever stops the import becomes an AssignmentError with the file and the reason."""
    with pytest.raises(AssignmentError, match=r"checks\.py: import: .*(no_such_module|SyntaxError|ZeroDivision)"):
        load_checks(folder(tmp_path, checks=text))


def test_references_lie_beside_the_checks(tmp_path: Path) -> None:
    """Files import each other by relative imports, are executed once in all, and leave no name in sys.modules."""
    before = set(sys.modules)
    count = "import sys\nsys.executed = getattr(sys, 'executed', 0) + 1\nanswer = 42\n"
    folder(tmp_path, checks__solution=count, checks__a="from . import solution\n" + declared("a"))
    place = folder(
        tmp_path, checks__b="from .solution import answer\nfrom .. import bars\n", bars="from .checks import solution\n"
    )
    try:
        (found,) = load_checks(place)
        assert found.run.__globals__["solution"].answer == 42
        assert sys.executed == 1
        assert load_module(place, "bars.py").solution.answer == 42
    finally:
        del sys.executed
    assert set(sys.modules) == before


def test_two_assignments_may_use_the_same_names(tmp_path: Path) -> None:
    """Modules of the same file name in different folders do not replace each other."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = folder(tmp_path / "a", checks=declared("same"))
    two = folder(tmp_path / "b", checks=declared("same", item="other"))
    assert [load_checks(one)[0].item, load_checks(two)[0].item, load_checks(one)[0].item] == ["one", "other", "one"]


def test_what_does_not_import_is_told_with_its_line(tmp_path: Path) -> None:
    """File and line of the fault, also where it lies in a file that this one loads."""
    (tmp_path / "shared.py").write_text("a = 1\n\nb = a +\n", encoding="utf-8")
    (tmp_path / "checks.py").write_text(HEAD + "from . import shared\n", encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        load_checks(tmp_path)
    assert (caught.value.file, caught.value.expected[:24]) == (tmp_path / "shared.py", "line 3: expected Python;")
    (tmp_path / "shared.py").write_text("a = 1\n\nb = a / 0\n", encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        load_checks(tmp_path)
    assert caught.value.expected == "line 3: the file does not import; ZeroDivisionError: division by zero"


def test_several_courses_load_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process may serve two graders. Python empties its caches in a way that breaks where two do it."""
    (tmp_path / "one.py").write_text("VALUE = 1\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path_importer_cache", dict(sys.path_importer_cache))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def load(_: int) -> int:
        sys.path_importer_cache.update(dict.fromkeys(map(str, range(100))))  # as folders that are gone stand there
        return int(load_module(tmp_path, "one.py").VALUE)

    try:
        with ThreadPoolExecutor(8) as several:
            assert set(several.map(load, range(32))) == {1}
    finally:
        sys.setswitchinterval(interval)
