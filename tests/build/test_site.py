"""Links and the install line from one setting; and what services read from the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from autograder.build.site import Site, read_site
from autograder.errors import AssignmentError

ROOT = Path(__file__).resolve().parents[2]
HUB = 'hub = "https://hub.example.org/"'
URL = 'url = "https://github.com/org/course"'


def site(folder: Path, *lines: str) -> Site:
    (folder / "course.toml").write_text("\n".join(["[course]", *lines]))
    return read_site(folder)


def sources(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


def test_without_the_setting_there_are_no_links(course) -> None:
    """Neither in a course without course.toml nor in one that leaves the address out."""
    course.build()
    plain = course.text("release")
    (course.root / "course.toml").write_text("[course]\n")
    assert course.build().changed == ()
    assert "](http" not in plain
    assert read_site(ROOT).links("rnn_backprop") == {}


def test_every_notebook_opens_itself(tmp_path: Path) -> None:
    """Each service gets repository, branch and path in its own form."""
    links = site(tmp_path, URL, 'branch = "term/2026"', HUB).links("hw")
    assert links == {
        "Colab": "https://colab.research.google.com/github/org/course/blob/term/2026/release/hw/hw.ipynb",
        "Binder": "https://mybinder.org/v2/gh/org/course/term%2F2026?urlpath=lab%2Ftree%2Frelease%2Fhw%2Fhw.ipynb",
        "Codespaces": "https://codespaces.new/org/course/tree/term/2026?quickstart=1",
        "JupyterHub": links["JupyterHub"],
    }
    hub = urlsplit(links["JupyterHub"])
    assert (hub.netloc, hub.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(hub.query) == {
        "repo": ["https://github.com/org/course"],
        "branch": ["term/2026"],
        "urlpath": ["lab/tree/course/release/hw/hw.ipynb"],
    }


def test_another_host_has_what_works_there(tmp_path: Path) -> None:
    """Colab and Codespaces open GitHub only: no dead link to them."""
    links = site(tmp_path, 'url = "https://gitlab.example.org/group/sub/course.git"').links("hw")
    assert list(links) == ["Binder"]
    assert unquote(links["Binder"]).startswith(
        "https://mybinder.org/v2/git/https://gitlab.example.org/group/sub/course.git/"
    )


def test_the_release_wears_them_and_nothing_else_does(course) -> None:
    """Under the title; cell ids stay, and so does what is graded. Solutions and source are nobody's to open online."""
    course.build()
    before = [cell["id"] for cell in json.loads(course.text("release"))["cells"]]
    site(course.root, URL, HUB)
    course.build()
    release = json.loads(course.text("release"))
    assert [cell["id"] for cell in release["cells"]] == before
    title, _, badges, _, rest = sources(course.text("release"))[0].split("\n", 4)
    assert title == "# Softmax with a temperature"
    assert re.findall(r"\[(?:!\[Open in (\w+)\]|Open in (\w+))", badges) == [
        ("Colab", ""),
        ("Binder", ""),
        ("Codespaces", ""),
        ("", "JupyterHub"),
    ]
    assert "release/demo/demo.ipynb" in badges
    assert rest.startswith("A classifier")
    assert "colab" not in course.text("solutions") + course.text("source")


def test_the_install_line_names_the_repository(course) -> None:
    """Where the kit lies there: in all three notebooks alike, since the cell is locked."""
    line = "'pip install \"seq2grade-kit[notebook]\"'"
    course.edit("notebook.py", "answers = {}", f"answers = {{}}\nINSTALL = {line}")
    site(course.root, URL)
    course.build()
    told = "'pip install \"seq2grade-kit[notebook] @ git+https://github.com/org/course@main#subdirectory=kit\"'"
    for step in ("source", "release", "solutions"):
        assert any(f"INSTALL = {told}" in source for source in sources(course.text(step)))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["ulr = 'https://github.com/a/b'"], "did you mean 'url'"),
        (["url = 3"], "plain text"),
        (["url = 'github.com/a/b'"], "https://github.com/ORG/REPO"),
        (["url = 'https://github.com/a'"], "a repository"),
        (["url = 'https://github.com/a/b?x=1'"], "expected an address"),
        (["hub = 'https://h.org'"], "`url` as well"),
        (["url = 'https://github.com/a/b'", "branch = ''"], "name of a branch"),
        (["url = "], "expected TOML"),
        (["url = 'https://github.com/a/b)'"], "brackets"),
        (["[curse]"], "did you mean 'course'"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, lines: list[str], says: str) -> None:
    """With file and key, before anything is built."""
    with pytest.raises(AssignmentError, match=r"course\.toml") as raised:
        site(tmp_path, *lines)
    assert says in str(raised.value)


def test_services_install_what_the_kit_asks_for() -> None:
    """Binder and devcontainer install the kit itself, so that no version is written down twice."""
    wanted = (ROOT / "binder/requirements.txt").read_text(encoding="utf-8").split("\n")
    assert [line for line in wanted if line and not line.startswith(("#", "--"))] == ["./kit[notebook]"]
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "pip install -r binder/requirements.txt"
    pythons = {container["image"].rsplit(":", 1)[1]}
    pythons.add((ROOT / "binder/runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-"))
    assert len(pythons) == 1
    supported = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"Programming Language :: Python :: {pythons.pop()}"' in supported


def test_the_page_for_students_names_what_there_is() -> None:
    """Commands, install line and floor are those of the kit."""
    page = (ROOT / "docs/students.md").read_text(encoding="utf-8")
    kit = (ROOT / "kit/pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([\d.]+)"', kit, re.M)
    assert version is not None
    assert f"seq2grade_kit-{version[1]}-py3-none-any.whl[notebook]" in page
    assert 'pip install "seq2grade-kit[notebook]"' in page
    assert "jupyterlab" in kit.split("notebook = ")[1].split("]")[0]
    for command in ("python -m seq2kit check", "python -m seq2kit handin"):
        assert command in page
