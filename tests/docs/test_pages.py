"""What the pages tell people to type does what the pages say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.client import Zygote
from tests.courses import share
from tests.docs.pages import Shell, blocks, commands, marked

pytest_plugins = ["tests.courses"]

FIRST = "tutorials/instructor.md"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, warm_zygote: Zygote) -> Iterator[Path]:
    """The course as the tutorial leaves it, and a warm process for whoever goes on."""
    with pytest.MonkeyPatch.context() as patch:
        share(patch, warm_zygote)
        patch.delenv("SEQ2GRADE_DB", raising=False)
        shell = Shell(tmp_path_factory.mktemp("docs"))
        shell.page(FIRST)
        yield shell.place


@pytest.mark.long
def test_the_tutorial_ends_with_two_grades(taught: Path) -> None:
    """All its blocks ran, and the pages that it names are there."""
    assert (taught / "reports" / "example" / "class.html").is_file()
    assert len(list((taught / "reports" / "example" / "feedback").glob("*/feedback.html"))) == 2


@pytest.mark.long
@pytest.mark.parametrize("page", [page for page in marked() if page != FIRST])
def test_each_how_to_does_what_it_says(page: str, taught: Path, tmp_path: Path) -> None:
    """Its blocks run one after the other in the tutorial's course, and print what the page shows."""
    shutil.copytree(taught, tmp_path / "course")
    shell = Shell(tmp_path / "course")
    shell.page(page)
    if page.endswith("late-work.md"):
        graded = json.loads((shell.place / "late.json").read_text(encoding="utf-8"))["submissions"]
        assert {one["student"]: one["penalty"] > 0 for one in graded} == {"ada": False, "bob": True}


def test_the_how_tos_that_can_be_run_are_run() -> None:
    """Those that are not need another machine: a GPU, a cluster, Gradescope."""
    assert {page for page in marked() if page.startswith("how-to/")} == {
        f"how-to/{name}.md"
        for name in ("new-assignment", "add-a-mistake", "change-a-bar", "regrade", "late-work", "lms", "import")
    }


def test_a_page_that_promises_too_much_fails(tmp_path: Path) -> None:
    """The comparison is loose in layout only; a command that fails ends the page unless it says that it may."""
    shell = Shell(tmp_path)
    shell.run("echo one   two; mkdir sub; cd sub")
    shell.compare("page", "one two\n")
    assert shell.place == tmp_path / "sub"
    with pytest.raises(AssertionError, match="promises 'two one'"):
        shell.compare("page", "two one")
    shell.run("false || true")
    with pytest.raises(AssertionError, match="ended with 1"):
        shell.run("false")


def test_a_block_is_taken_apart_as_bash_would() -> None:
    """Here-documents and continued lines are one command; only the text below a block is what it must print."""
    page = "```sh\na \\\n  b\n# no\ncat > f <<'END'\nx\n\nEND\nc\n```\ntext\n```text\nout\n```\n```text\nmore\n```\n"
    ((block, wanted),) = blocks(page)
    assert list(commands(block)) == ["a \\\n  b", "cat > f <<'END'\nx\n\nEND", "c"]
    assert wanted == "out\n"
