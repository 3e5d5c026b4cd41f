"""Claims about matching and repair: what the release says wins, what the student wrote survives."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collect.repair import PLACEHOLDER, repair
from tests.collect.sample import (
    ANSWERS,
    STUB,
    at,
    cell,
    grade_id,
    index,
    names,
    release,
    solved,
    sources,
    strip_marks,
)


def run(notebook: dict[str, Any]) -> tuple[dict[str, Any], Counter[str]]:
    """The repaired notebook, and how often each kind of repair was made."""
    before = copy.deepcopy(notebook)
    ready, repairs = repair(notebook, release())
    assert notebook == before
    assert all(one.message for one in repairs)
    return ready, Counter(one.kind for one in repairs)


def test_untouched() -> None:
    """An untouched release comes out with the release's cells in the release's order, without any repair."""
    ready, kinds = run(release())
    assert not kinds
    assert names(ready) == names(release())
    assert sources(ready) == sources(release())


def test_solved() -> None:
    """An honest submission keeps its answers and loses its outputs, without any repair."""
    ready, kinds = run(solved())
    assert not kinds
    assert sources(ready) == sources(solved())
    code = [node for node in ready["cells"] if node["cell_type"] == "code"]
    assert all(node["outputs"] == [] and node["execution_count"] is None for node in code)


def test_own_cells_run_in_place() -> None:
    """Cells that a student added stay where they are, without metadata."""
    notebook = solved()
    own = cell("code", "mine", "%timeit 1 + 1")
    own["metadata"] = {"tags": ["hide-input"], "collapsed": True}
    notebook["cells"].insert(4, own)
    ready, kinds = run(notebook)
    assert not kinds
    assert ready["cells"][4] == cell("code", "mine", "%timeit 1 + 1")
    assert names(ready)[3:6] == ["f", "mine", "test-f"]


@pytest.mark.parametrize("name", ["imports", "test-f", "test-g"])
def test_edited(name: str) -> None:
    """The text of a locked cell is restored, and what replaced it altogether runs as an own cell."""
    notebook = solved()
    at(notebook, name)["source"] = "print('all fine')"
    ready, kinds = run(notebook)
    assert kinds == {"edited": 1}
    assert at(ready, name)["source"] == at(release(), name)["source"]
    assert ready["cells"][index(ready, name) - 1]["source"] == "print('all fine')"


def test_edited_a_little() -> None:
    """A test with one line changed is restored, and the changed version does not run beside it."""
    notebook = solved()
    at(notebook, "test-f")["source"] += "\nprint(double(2))"
    ready, kinds = run(notebook)
    assert kinds == {"edited": 1}
    assert sources(ready) == sources(solved())


@pytest.mark.parametrize("name", ["imports", "test-f", "test-choice", "intro", "scratch"])
def test_deleted(name: str) -> None:
    """A cell of the release that is missing is put back at its place."""
    notebook = solved()
    del notebook["cells"][index(notebook, name)]
    ready, kinds = run(notebook)
    assert kinds == {"deleted": 1}
    assert names(ready) == names(release())


def test_deleted_answers() -> None:
    """A missing answer becomes an empty cell and not the stub, whose exception might hide an answer."""
    notebook = solved()
    notebook["cells"] = [node for node in notebook["cells"] if grade_id(node) not in ("g", "proof")]
    ready, kinds = run(notebook)
    assert kinds == {"deleted": 2}
    assert names(ready) == names(release())
    assert at(ready, "g")["source"] == PLACEHOLDER
    assert at(ready, "proof")["source"] == ""


def test_answered_in_an_own_cell() -> None:
    """When the answer cell was deleted, a cell that defines what it asked for becomes the answer cell."""
    notebook = solved()
    del notebook["cells"][index(notebook, "g")]
    notebook["cells"].append(cell("code", "mine", ANSWERS["g"]))
    ready, kinds = run(notebook)
    assert at(ready, "g")["source"] == ANSWERS["g"]
    assert kinds["metadata"] == 1
    assert index(ready, "g") < index(ready, "test-g")


@pytest.mark.parametrize(("name", "place"), [("test-f", 0), ("test-f", 10), ("imports", 10), ("test-g", 1)])
def test_moved(name: str, place: int) -> None:
    """A locked cell that was moved goes back, and it alone is reported."""
    notebook = solved()
    node = notebook["cells"].pop(index(notebook, name))
    notebook["cells"].insert(place, node)
    ready, kinds = run(notebook)
    assert kinds == {"moved": 1}
    assert names(ready) == names(release())


def test_answers_keep_the_order_of_the_student() -> None:
    """Answers stay where the student moved them, and each test follows its answer."""
    notebook = solved()
    node = notebook["cells"].pop(index(notebook, "f"))
    notebook["cells"].insert(index(notebook, "test-g") + 1, node)
    ready, _ = run(notebook)
    assert index(ready, "g") < index(ready, "test-g") < index(ready, "f") < index(ready, "test-f")


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("name", ["f", "test-f", "choice"])
def test_retyped(name: str, kind: str) -> None:
    """A code cell turned into text is code again, with its source."""
    notebook = solved()
    node = at(notebook, name)
    node["cell_type"] = kind
    del node["outputs"], node["execution_count"]
    ready, kinds = run(notebook)
    assert kinds == {"retyped": 1}
    assert at(ready, name)["cell_type"] == "code"
    assert at(ready, name)["outputs"] == []
    assert at(ready, name)["source"] == at(solved(), name)["source"]


def test_manual_answer_retyped() -> None:
    """A written answer that became a code cell is text again, so that it is read and not run."""
    notebook = solved()
    at(notebook, "proof").update(cell_type="code", outputs=[])
    ready, kinds = run(notebook)
    assert kinds == {"retyped": 1}
    assert at(ready, "proof") == at(strip_outputs(solved()), "proof")


def strip_outputs(notebook: dict[str, Any]) -> dict[str, Any]:
    return repair(notebook, release())[0]


@pytest.mark.parametrize("name", ["f", "test-f", "imports", "scratch"])
@pytest.mark.parametrize("tag", ["skip-execution", "raises-exception"])
def test_tags(name: str, tag: str) -> None:
    """No cell keeps a tag that changes how it runs."""
    notebook = solved()
    at(notebook, name)["metadata"]["tags"] = [tag]
    ready, kinds = run(notebook)
    assert kinds == {"retagged": 1}
    assert all("tags" not in node["metadata"] for node in ready["cells"])


@pytest.mark.parametrize("change", [{"points": 400}, {"grade": False}, {"solution": True}, {"locked": False}])
def test_marks(change: dict[str, Any]) -> None:
    """Points and flags of a cell are the release's, whatever the submission says."""
    notebook = solved()
    at(notebook, "test-f")["metadata"]["nbgrader"].update(change)
    ready, kinds = run(notebook)
    assert kinds == {"retagged": 1}
    assert at(ready, "test-f")["metadata"] == at(release(), "test-f")["metadata"]


def test_marks_on_an_own_cell() -> None:
    """A cell of the student's own cannot become a graded one."""
    notebook = solved()
    notebook["cells"].append(cell("code", "mine", "1", grade_id="bonus", grade=True, points=100))
    ready, kinds = run(notebook)
    assert kinds == {"metadata": 1}
    assert at(ready, "mine")["metadata"] == {}


def test_duplicated_test() -> None:
    """A locked cell that was copied stays once."""
    notebook = solved()
    notebook["cells"].append({**copy.deepcopy(at(notebook, "test-f")), "id": "copy"})
    ready, kinds = run(notebook)
    assert kinds == {"duplicated": 1}
    assert names(ready) == names(release())


def test_edited_copy_of_a_test() -> None:
    """A copy of a test that the student changed is the student's own cell; the test itself is intact."""
    notebook = solved()
    mine = {**copy.deepcopy(at(notebook, "test-f")), "id": "copy", "source": "helper = double"}
    notebook["cells"].insert(0, mine)
    ready, _ = run(notebook)
    assert ready["cells"][0] == cell("code", "copy", "helper = double")
    assert at(ready, "test-f") == at(release(), "test-f")


@pytest.mark.parametrize("first", [True, False])
def test_duplicated_answer(first: bool) -> None:
    """Of two answers with the same marks both run in the student's order; the first is the answer cell."""
    notebook = solved()
    other = {**copy.deepcopy(at(notebook, "f")), "id": "copy", "source": "def double(x):\n    return x + x"}
    place = index(notebook, "f")
    notebook["cells"].insert(place if first else place + 1, other)
    ready, kinds = run(notebook)
    assert kinds == {"duplicated": 1}
    assert [source for source in sources(ready) if "def double" in source] == (
        [other["source"], ANSWERS["f"]] if first else [ANSWERS["f"], other["source"]]
    )
    assert at(ready, "f")["source"] == (other["source"] if first else ANSWERS["f"])
    assert Counter(names(ready))["f"] == 1


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("marked", [True, False])
def test_copied_stub(first: bool, marked: bool) -> None:
    """A copy that is still the stub neither takes the answer's place nor wipes the answer."""
    notebook = solved()
    stub = {**copy.deepcopy(at(release(), "f")), "id": "copy"}
    if not marked:
        stub["metadata"] = {}
    place = index(notebook, "f")
    notebook["cells"].insert(place if first else place + 1, stub)
    ready, kinds = run(notebook)
    assert kinds == {"duplicated": 1}
    assert at(ready, "f")["source"] == ANSWERS["f"]
    assert names(ready) == names(release())


def test_same_id_twice() -> None:
    """Two cells with one id come out with different ones."""
    notebook = solved()
    own = zip(["mine", "mine", "", "c-f", "not an id!"], "abcde", strict=True)
    notebook["cells"] += [cell("code", id, f"{name} = 1") for id, name in own]
    ready, _ = run(notebook)
    ids = [node["id"] for node in ready["cells"]]
    assert len(set(ids)) == len(ids)
    assert sources(ready)[-5:] == ["a = 1", "b = 1", "c = 1", "d = 1", "e = 1"]


def test_without_marks() -> None:
    """A notebook whose editor dropped all ids and metadata is matched by content and place."""
    ready, kinds = run(strip_marks(solved()))
    assert set(kinds) == {"metadata"}
    assert names(ready) == names(release())
    assert sources(ready) == sources(solved())


def test_swapped_marks() -> None:
    """Marks swapped between answer and test do not cost the answer."""
    notebook = solved()
    one, two = at(notebook, "f"), at(notebook, "test-f")
    one["metadata"], two["metadata"] = two["metadata"], one["metadata"]
    ready, kinds = run(notebook)
    assert set(kinds) == {"retagged"}
    assert at(ready, "f")["source"] == ANSWERS["f"]
    assert at(ready, "test-f")["source"] == at(release(), "test-f")["source"]


def test_kernel() -> None:
    """The kernel is ours: a kernelspec of the submission's has no say."""
    notebook = solved()
    notebook["metadata"] = {"kernelspec": {"name": "evil", "language": "bash"}, "widgets": {"state": {}}}
    ready, kinds = run(notebook)
    assert kinds == {"kernel": 1}
    assert ready["metadata"]["kernelspec"]["name"] == "python3"
    assert ready["metadata"]["seq2grade"] == {"assignment": "hw1"}
    assert "widgets" not in ready["metadata"]


def test_attachments() -> None:
    """Pictures stay in written answers; nothing else travels as an attachment, and none with code."""
    notebook = solved()
    good = {"a.png": {"image/png": "AAAA"}}
    bad = {"b": {"text/html": "<script>"}, "c": {"image/png": '"><b>'}}
    at(notebook, "proof")["attachments"] = {**good, **bad}
    at(notebook, "f")["attachments"] = good
    ready, _ = run(notebook)
    assert at(ready, "proof")["attachments"] == good
    assert "attachments" not in at(ready, "f")


def test_odd_cells() -> None:
    """Parts of the wrong type are read as absent, and text that no file can hold is replaced."""
    notebook = solved()
    notebook["cells"] += [
        17,
        {"cell_type": "heading", "source": "Title"},
        {"cell_type": "code", "source": None, "metadata": []},
        {
            "cell_type": "code",
            "id": 5,
            "source": ["x = '", "\ud800'\r\n", 3],
            "metadata": {"nbgrader": {"grade_id": []}, "tags": "skip-execution"},
        },
    ]
    ready, _ = repair(notebook, release())
    assert [node["cell_type"] for node in ready["cells"][-3:]] == ["raw", "code", "code"]
    assert ready["cells"][-1]["source"] == "x = '?'\n"


_MARKS = st.sampled_from([grade_id(node) for node in release()["cells"]])
_IDS = st.sampled_from([node["id"] for node in release()["cells"]])


@st.composite
def mangled(draw: st.DrawFn, retag: bool) -> dict[str, Any]:
    """A solved notebook whose cells were shuffled, dropped, copied, and possibly relabelled."""
    notebook = solved()
    cells = draw(st.permutations(notebook["cells"]))
    cells = [node for node in cells if draw(st.integers(0, 5)) != 0]
    copies = draw(st.lists(st.sampled_from(cells), max_size=3)) if cells else []
    for node in copies:
        cells.insert(draw(st.integers(0, len(cells))), node)
    cells = copy.deepcopy([*cells, cell("code", "mine", "own = 1")])
    for node in cells if retag else []:
        if draw(st.integers(0, 3)) == 0:
            node["metadata"].setdefault("nbgrader", {})["grade_id"] = draw(_MARKS)
        if draw(st.integers(0, 3)) == 0:
            node["id"] = draw(_IDS)
        if draw(st.integers(0, 3)) == 0:
            node["metadata"]["tags"] = ["skip-execution"]
    notebook["cells"] = cells
    return notebook


def check_complete(ready: dict[str, Any]) -> None:
    """Every release cell is there once, with the release's metadata and, where locked, its text."""
    marks = Counter(grade_id(node) for node in ready["cells"])
    ids = Counter(node["id"] for node in ready["cells"])
    assert max(ids.values()) == 1
    for node in release()["cells"]:
        twin = at(ready, node["id"])
        assert twin["metadata"] == node["metadata"]
        if grade_id(node):
            assert marks[grade_id(node)] == 1
            assert twin["cell_type"] == node["cell_type"]
        if node["metadata"].get("nbgrader", {}).get("locked"):
            assert twin["source"] == node["source"]
    assert set(marks) - {""} == {grade_id(node) for node in release()["cells"]} - {""}


@given(mangled(retag=False))
def test_any_shuffle(notebook: dict[str, Any]) -> None:
    """However cells are moved, dropped and copied: the release is complete, and every answer runs as code."""
    ready, _ = run(notebook)
    check_complete(ready)
    handed_in = sources(notebook)
    running = [node["source"] for node in ready["cells"] if node["cell_type"] == "code"]
    for name in ("f", "g", "choice"):
        assert (ANSWERS[name] in running) == (ANSWERS[name] in handed_in)
    assert (ANSWERS["proof"] in sources(ready)) == (ANSWERS["proof"] in handed_in)
    assert "own = 1" in running
    order = [name for name in names(ready) if name in ("f", "test-f", "g", "test-g", "choice", "test-choice")]
    assert all(order.index(name) < order.index(f"test-{name}") for name in ("f", "g", "choice"))


@given(mangled(retag=True))
def test_any_relabelling(notebook: dict[str, Any]) -> None:
    """However cells are also relabelled: the release is complete, and no text of the student's is lost."""
    ready, _ = run(notebook)
    check_complete(ready)
    assert {source for source in sources(notebook) if source in ANSWERS.values()} <= set(sources(ready))
    assert "own = 1" in sources(ready)


@given(mangled(retag=True))
def test_repair_is_idempotent(notebook: dict[str, Any]) -> None:
    """A repaired notebook needs no repair but the placeholders it got, and comes out the same."""
    once, _ = run(notebook)
    twice, kinds = run(once)
    assert twice == once
    assert not kinds


def test_stub_only() -> None:
    """Two untouched stubs of one answer leave one stub."""
    notebook = release()
    notebook["cells"].append({**copy.deepcopy(at(notebook, "choice")), "id": "copy"})
    ready, kinds = run(notebook)
    assert kinds == {"duplicated": 1}
    assert sources(ready).count(STUB) == 1
