"""A class whose names, files, outputs, exceptions and metadata are hostile, graded and reported for real: nothing in
what people open runs, leads anywhere, or is a formula."""

from __future__ import annotations

import csv
import io
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from autograder import batch
from autograder.batch import Listener, Plan
from autograder.commands.results import show_done
from autograder.export.github import summary
from autograder.export.lms import How, fill
from autograder.export.public import public
from autograder.export.table import is_formula
from tests.courses import Demo, share
from tests.report.readers import ACT, READERS

pytest_plugins = ["tests.courses"]
IMAGE = f'<img src=x onerror="{ACT}">'
SCRIPT = f"<script>{ACT}</script>{IMAGE}<svg onload={ACT}></svg>"
NAMES = (
    IMAGE, f"javascript:{ACT}", '=HYPERLINK("e.example","x")', "@SUM(1)", "\x1b[31mred\x1b]0;x\x07", "\u202egnp.exe",
    "::error file=x::forged", "[x](javascript:alert(1))", "'><b>", "{{7*7}}",
)  # fmt: skip
SHOWS = f"""
from IPython.display import HTML, Javascript, Markdown, display
display(HTML({SCRIPT!r}), Markdown({SCRIPT!r}), Javascript({ACT!r}))
print({SCRIPT!r}, "\\x1b[2J", "=1+1", "\\u202e", "::error::")
raise type({SCRIPT!r}, (Exception,), {{}})({SCRIPT!r})
"""
WRONG = f"def square(x):\n    raise type({SCRIPT!r}, (ValueError,), {{}})({SCRIPT!r})"


def spoiled(demo: Demo) -> Any:
    """A wrong answer with all of it, in metadata too."""
    notebook = demo.solved("chain", square=WRONG)
    own = {"cell_type": "code", "id": "own", "metadata": {"tags": [SCRIPT]}, "source": SHOWS, "outputs": []}
    notebook["cells"].insert(1, own | {"execution_count": None})
    notebook["cells"].append({"cell_type": "markdown", "id": SCRIPT, "metadata": {"name": SCRIPT}, "source": SCRIPT})
    notebook["metadata"] |= {"authors": [{"name": SCRIPT}], "kernelspec": {"language": SCRIPT, "name": SCRIPT}}
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("tags", []).append(IMAGE)
    return notebook


@pytest.fixture(scope="module")
def reported(built_course: Path, warm_zygote: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(the run, the folder with its pages)."""
    root = tmp_path_factory.mktemp("hostile") / "course"
    shutil.copytree(built_course, root)
    demo = Demo(root)
    for name in NAMES:
        path = demo.hand_in(name, spoiled(demo), "chain").path
        (path.parent / f"{IMAGE}.txt").write_text(SCRIPT.replace("/", ""))
    with pytest.MonkeyPatch.context() as patch:
        share(patch, warm_zygote)
        patch.delenv("SEQ2GRADE_DB", raising=False)
        plan = Plan(root, (root / "submitted",), seed=1, jobs=1, report=root / "out", gradebook=True)
        return batch.run(plan, Listener()), root / "out"


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_notices_what_acts(reader: str, tmp_path: Path) -> None:
    """Each finds a script, and finds none where there is only text."""
    for number, body in enumerate((SCRIPT, IMAGE)):
        page = tmp_path / f"live{number}.html"
        page.write_text(f"<!doctype html><title>x</title><body>{body}", encoding="utf-8")
        assert READERS[reader](page)
    (tmp_path / "dead.html").write_text("<!doctype html><title>x</title><body>&lt;script>", encoding="utf-8")
    assert not READERS[reader](tmp_path / "dead.html")


@pytest.mark.parametrize("reader", READERS)
def test_no_page_acts(reported: Any, reader: str) -> None:
    """The class report, and the feedback of whoever has the most to offer."""
    done, folder = reported
    assert len(done.grades) == len(NAMES)
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) == len(NAMES) + 1
    for page in pages if reader == "parser" else [folder / "chain" / "class.html", pages[1]]:
        assert not READERS[reader](page), page
        assert "script" in page.read_text(encoding="utf-8"), "it is shown, as text"


def test_markdown_holds_no_markup(reported: Any) -> None:
    """Feedback as text, and the summary of a workflow step: no tag, no link that leads out, no command of a runner."""
    done, folder = reported
    texts = [page.read_text(encoding="utf-8") for page in folder.rglob("*.md")]
    assert len(texts) == len(NAMES)
    for text in [*texts, summary(public(done.grades))]:
        outside = re.sub(r"(?s)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
        assert not re.search(r"(?<!\\)<\s*(script|img|svg|b)\b", outside), outside
        assert not re.search(r"(?<!\\)\]\((?!#)", outside), outside
        assert not re.search(r"^\s*::", text, re.MULTILINE)
        assert_visible(text)


def test_the_terminal_gets_text_only(reported: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The table and the lines below it."""
    done, _ = reported
    show_done(done, None)
    printed = capsys.readouterr()
    assert_visible(printed.out + printed.err)
    assert not re.search(r"^\s*::", printed.out + printed.err, re.MULTILINE)


def assert_visible(text: str) -> None:
    """No control but line ends, nothing that reorders text."""
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n", "\t"}
    assert not odd, odd


def test_a_table_for_a_school_holds_no_formula(reported: Any) -> None:
    """In the file that goes back to Canvas scores are numbers, and a name that is a formula has become text."""
    done, _ = reported
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["Student", "ID", "SIS Login ID", "Section", "chain (7)"])
    rows.writerow(["    Points Possible", "", "", "", "6"])
    rows.writerows([name, number, name, "S", ""] for number, name in enumerate(NAMES))
    filled = fill(out.getvalue().encode(), "canvas.csv", public(done.grades), How("canvas"), ("chain",))
    after = list(csv.reader(io.StringIO(filled.data.decode())))
    assert len(after) == len(NAMES) + 2
    assert not [cell for row in after for cell in row if is_formula(cell)]
    assert all(row[0] in (name, f"'{name}") for row, name in zip(after[2:], NAMES, strict=True))
    scores = [row[4] for row in after[2:] if row[4]]
    assert len(scores) == filled.count > 0
    assert all(float(score) >= 0 for score in scores)
