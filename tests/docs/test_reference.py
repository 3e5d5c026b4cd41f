"""The reference is what the code says, and no page links to what is not there."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from autograder import cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
BUILDERS = ["html"] if importlib.util.find_spec("myst_parser") else []  # Python 3.10 has none that fits: see 0021


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """docs/reference/generate.py."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "reference" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_reference_page_is_stale(generate: ModuleType) -> None:
    """`make docs` would write what is there."""
    assert generate.stale() == []


def test_a_changed_word_makes_a_page_stale(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is exact, and a page that is missing counts."""
    for name, text in generate.pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(generate, "HERE", tmp_path)
    assert generate.stale() == []
    page = tmp_path / "expect.md"
    page.write_text(page.read_text(encoding="utf-8").replace("largest", "smallest", 1), encoding="utf-8")
    (tmp_path / "draw.md").unlink()
    assert sorted(generate.stale()) == ["draw.md", "expect.md"]


def test_every_command_has_its_entry(generate: ModuleType) -> None:
    """Those of `export` too, each with what it takes."""
    text = generate.pages()["commands.md"]
    for name in ("new", "import", "try", "grade", "export csv", "export gradescope"):
        assert f"\n## {name}\n" in text
    assert "`--lms` TEXT" in text


def test_every_option_is_there_as_it_is_typed(generate: ModuleType) -> None:
    """What the page says of each command is what typer makes of it, no more and no less."""
    entries = dict(re.findall(r"^## ([\w -]+)\n(.*?)(?=^## |\Z)", generate.pages()["commands.md"], re.M | re.DOTALL))
    found = typed_options()
    assert set(found) == set(entries)
    for name, typed in found.items():
        told = set(re.findall(r"(?<=`)--?[\w-]+(?=`)", "\n".join(re.findall(r"^\| (.*?) \|", entries[name], re.M))))
        assert told == typed, name


def typed_options() -> dict[str, set[str]]:
    """Command -> its options, as typer has them."""
    return {
        name: {o for one in command.params for o in (*one.opts, *one.secondary_opts) if o[:1] == "-"} - {"--help"}
        for name, command in _commands(typer.main.get_command(cli.app), "")
    }


def _commands(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_what_pages_type_can_be_typed() -> None:
    """Also in pages that nobody runs here: each command is one of ours, and so is each of its options."""
    known = typed_options()
    lines = []
    for page in (*sorted(DOCS.rglob("*.md")), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"):
        text = page.read_text(encoding="utf-8")
        for body in re.findall(r"^ *```(?:sh|bash|yaml)\n(.*?)^ *```$", text, re.M | re.DOTALL):
            lines += [(page.name, found) for found in re.findall(r"\bseq2grade ([a-z][^|#&;`\n]*)", body)]
    assert len(lines) > 60
    for page_name, line in lines:
        words = line.split()
        name = next((name for n in (3, 2, 1) if (name := " ".join(words[:n])) in known), "")
        assert name, f"{page_name}: seq2grade {line}"
        asked = {word.split("=")[0] for word in words if word.startswith("--")}
        assert asked <= known[name], f"{page_name}: seq2grade {line}: {asked - known[name]}"


def test_links_between_pages_lead_somewhere() -> None:
    """Also for whoever reads them where there is no site: each file and each heading that a page links to is there."""
    wrong = []
    for page in sorted(DOCS.rglob("*.md")):
        text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if link.startswith(("http://", "https://", "mailto:")):
                continue
            if not target.exists():
                wrong.append(f"{page.relative_to(DOCS)}: {link}")
            elif anchor and anchor not in anchors(target):
                wrong.append(f"{page.relative_to(DOCS)}: {link}: no such heading")
    assert wrong == []


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub makes anchors of them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    heads = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


@pytest.mark.long
@pytest.mark.parametrize("builder", BUILDERS)
def test_the_site_is_made_without_a_warning(builder: str, tmp_path: Path) -> None:
    """`make docs`: Sphinx takes each page, every page is in the navigation, and every link and anchor is there. A page
    that nobody put into the navigation stands at its end."""
    pages = shutil.copytree(DOCS, tmp_path / "docs")
    (pages / "another.md").write_text("# Another page\n\n[Begin](index.md)\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going", "-b", builder]
    done = subprocess.run([*command, str(pages), str(tmp_path / "site")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "Another page" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "Your first course" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
