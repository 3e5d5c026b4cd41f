"""No notebook is lost, whatever the tree that it comes in."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from autograder.collect import collect, find_submissions
from autograder.errors import CollectError
from autograder.model import Submission
from tests.collect.sample import KNOWN, RNN, marked, release, save

_FOLDERS = [
    "submitted",
    "ada",
    "bob",
    RNN,
    "RNN_Backprop",
    "gpt_lm",
    "..x",
    ".hidden",
    "data",
    "submission_12345678",
    "Ada_1_assignsubmission_file_",
    "Ada_1_assignsubmission_onlinetext_",
    "checkpoints",
]
_FILES = [
    "rnn_backprop.ipynb",
    "rnn_backprop.IPYNB",
    "rnn_backprop-Copy1.ipynb",
    "foo (1).ipynb",
    "gpt_lm.ipynb",
    "my work.ipynb",
    ".dot.ipynb",
    "x.ipynb.txt",
    "work.zip",
    "data.csv",
    "notes.pdf",
    "ada.ipynb",
]
_TREES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(_FOLDERS), max_size=4),
        st.sampled_from([*_FILES, ""]),
        st.sampled_from([RNN, "gpt_lm", ""]),
    ),
    min_size=1,
    max_size=8,
)


@given(_TREES, st.sampled_from([None, RNN]), st.booleans())
def test_no_notebook_is_left_out(tree: list[tuple[list[str], str, str]], selected: str | None, course: bool) -> None:
    """Every notebook of a random tree is graded, named in a row or in a repair, or the run says that it found none."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / ("submitted" if course else "tree")
        root.mkdir()
        for inner, file, assignment in tree:
            folder = root.joinpath(*inner)
            folder.mkdir(parents=True, exist_ok=True)
            if file:
                save(folder / file, marked(assignment))
        if not [path for path in _notebooks(root) if not _of_another(path, root, selected)]:
            return
        found = find_submissions(root, selected, KNOWN)
        assert max(Counter((one.student, one.assignment) for one in found).values()) == 1
        told = [text for one in found for text in _told(one)]
        for path in _notebooks(root):
            seen = any(path == one.path for one in found) or any(path.name in text for text in told)
            assert seen or _of_another(path, root, selected), (path, found, told)


def _notebooks(root: Path) -> list[Path]:
    # What lies beside submitted/ in a course is the instructor's.
    below = root / "submitted" if (root / "submitted").is_dir() else root
    return [path for path in below.rglob("*") if ".ipynb" in path.name.lower()]


def _of_another(path: Path, root: Path, selected: str | None) -> bool:
    """Whether its folder, its mark or its name tells of an assignment that was not asked for."""
    other = '"assignment": "gpt_lm"' in path.read_text() or "gpt_lm" in str(path.relative_to(root))
    return selected is not None and other


def _told(one: Submission) -> list[str]:
    this = {"nbformat": 4, "metadata": {"seq2grade": {"assignment": one.assignment}}, "cells": release()["cells"]}
    try:
        collected = collect(one, this)
    except CollectError as error:
        return [str(error), one.problem]
    return [repair.message for repair in collected.repaired]
