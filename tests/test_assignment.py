"""Loading an assignment folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import find_assignments, load_assignment
from autograder.build import new_assignment
from autograder.errors import AssignmentError
from autograder.model import Kind, Limits
from tests.support import spelled_out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return spelled_out(new_assignment(tmp_path, "demo"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the template no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_folder_becomes_frozen_dataclasses(folder: Path) -> None:
    """Every part of the folder arrives under its name, with defaults where the text says nothing."""
    assignment = load_assignment(folder)
    assert (assignment.id, assignment.minutes, assignment.device) == ("demo", 30, "cpu")
    assert assignment.limits == Limits(cell_seconds=20, check_seconds=5)
    assert [item.kind for item in assignment.items] == [Kind.CODE, Kind.CHOICE, Kind.MANUAL]
    assert assignment.item("hot-limit").needs == ("tempered-softmax",)
    assert assignment.item("tempered-softmax").submits == ("tempered_softmax",)
    assert assignment.item("hot-limit").submits == ("answers", "hot_tau")
    proof = assignment.item("shift-proof")
    assert (proof.points, proof.tests, [line.points for line in proof.rubric]) == (3, None, [1, 1, 1])
    certain = next(mistake for mistake in assignment.mistakes if mistake.name == "hot_limit_hot_means_certain")
    assert (certain.item, certain.cell) == ("hot-limit", "hot-limit")
    assert certain.caught_by == ("limit_is_recognised", "witness_is_near_the_limit")
    assert certain.code == 'answers["hot-limit"] = {"a"}\nhot_tau = 0.01'
    assert [alternative.name for alternative in assignment.alternatives] == [
        "hot_limit_letters_as_text",
        "tempered_softmax_through_logarithms",
    ]
    assert assignment.file_of("hot-limit") == folder / "notebook.py"


def test_lines_of_an_explanation_are_joined(folder: Path) -> None:
    """An explanation over several lines is one line with single spaces."""
    mistake = next(m for m in load_assignment(folder).mistakes if m.name.endswith("divides_in_place"))
    assert mistake.explain.startswith("Your function changes the scores of its caller.")
    assert mistake.explain.endswith("writes into the tensor that was passed in.")
    assert "  " not in mistake.explain
    assert "\n" not in mistake.explain


def test_assignments_are_found_below_assignments(folder: Path, tmp_path: Path) -> None:
    """Folders with an assignment.toml are found in order of name; others are not assignments."""
    other = new_assignment(tmp_path, "another")
    (tmp_path / "assignments" / "notes").mkdir()
    assert find_assignments(tmp_path) == (other, folder)


TOML_ERRORS = [
    ('kind = "choice"', 'kind = "cod"', "items[1].kind", 'expected one of code, choice, number, manual; got "cod"'),
    ('title = "What a high temperature does"\n', "", "items[1].title", "expected a value; the key is missing"),
    ("minutes = 30", 'minutes = "30"', "minutes", 'expected a valid integer; got "30"'),
    ("minutes = 30", "minutes = 0", "minutes", "expected greater than 0; got 0"),
    ('device = "cpu"', 'device = "cpu"\nmodels = ["gpt5"]', "models[0]", 'expected one of smollm2, small; got "gpt5"'),
    ("minutes = 30", "minutes = 30\nweeks = 1", "weeks", "unknown key; expected only attempts, device, due, items"),
    ('device = "cpu"', 'device = "tpu"', "device", 'expected one of auto, cpu, cuda; got "tpu"'),
    ("cell_seconds = 20", "seconds = 20", "limits.seconds", "unknown key; expected only cell_seconds"),
    ("cell_seconds = 20", "cell_seconds = -1", "limits.cell_seconds", "expected a number above 0; got -1"),
    ("cell_seconds = 20", "memory_mb = 1.5", "limits.memory_mb", "expected a whole number above 0; got 1.5"),
    ("cell_seconds = 20", "cell_seconds = inf", "limits.cell_seconds", "expected a number above 0; got inf"),
    ('needs = ["tempered-softmax"]', 'need = ["tempered-softmax"]', "items[1].need", "unknown key"),
    (
        'needs = ["tempered-softmax"]',
        'needs = ["shift-proof"]',
        "items[1].needs[0]",
        'expected the id of an earlier item; got "shift-proof"',
    ),
    ('id = "hot-limit"', 'id = "tempered-softmax"', "items[1].id", "is taken"),
    ('id = "hot-limit"', 'id = "hot limit"', "items[1].id", "pattern"),
    ('tests = "test-hot-limit"', 'tests = "test-tempered-softmax"', "items[1].tests", "is taken"),
    ('tests = "test-hot-limit"', 'tests = "test-cold"', "items[1].tests", 'a cell in notebook.py; got "test-cold"'),
    ('tests = "test-hot-limit"\n', "", "items[1].tests", 'that begins with # %% tests="hot-limit"'),
    ('answer = "hot-limit"\n', "", "items[1].id", 'that begins with # %% answer="hot-limit"'),
    ('answer = "hot-limit"', 'answer = "hot"', "items[1].answer", 'a cell in notebook.py; got "hot"'),
    ('answer = "hot-limit"', 'answer = "hot-limit"\npoints = 2', "items[1].points", "the sum over the item's checks"),
    ("points = 3\n", "", "items[2].points", "the key is missing"),
    ("points = 3\n", "points = 4\n", "items[2].rubric", "add up to 4 points; they make 3"),
    ("{ points = 1, text", "{ points = 1, note", "items[2].rubric[0].text", "the key is missing"),
    ('answer = "shift-proof"', 'answer = "shift-proof"\ntests = "test-hot-limit"', "items[2].tests", "is taken"),
    ('answer = "shift-proof"', 'answer = "shift-proof"\ntests = "setup"', "items[2].tests", "expected no tests"),
    ("minutes = 30", "minutes =", "syntax", "expected TOML"),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), TOML_ERRORS)
def test_a_wrong_value_names_file_key_and_what_is_expected(
    folder: Path, old: str, new: str, key: str, expected: str
) -> None:
    """Each kind of mistake in assignment.toml is told with its file, its key, and what belongs there."""
    edit(folder / "assignment.toml", old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert caught.value.file == folder / "assignment.toml"
    assert caught.value.key == key
    assert expected in caught.value.expected


def test_the_error_reads_as_one_line(folder: Path) -> None:
    """The message is `file: key: expected`, so that an editor can jump to the file."""
    edit(folder / "assignment.toml", 'kind = "manual"', 'kind = "cod"')
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert str(caught.value) == (
        f'{folder}/assignment.toml: items[2].kind: expected one of code, choice, number, manual; got "cod"'
    )


CHANGE = """change = [['{"b"}', '{"a"}'], ["500.0", "0.01"]]"""
MISTAKE_ERRORS = [
    ("caught_by = [", "caught = [", "hot_means_certain.caught", 'did you mean "caught_by"?'),
    ('thinks = "a high temperature makes the choice certain"\n', "", "hot_means_certain.thinks", "the key is missing"),
    ("[hot_means_certain]", "[Hot]", "Hot", "pattern"),
    (
        "[hot_means_certain]",
        "[hot_means_certain]\ncell = 'test-hot-limit'",
        "hot_means_certain.cell",
        'expected one of tempered-softmax, hot-limit; got "test-hot-limit"',
    ),
    (
        '"limit_is_recognised", ',
        '"limit_is_recognised", "limit_is_recognised", ',
        "hot_means_certain.caught_by",
        "different checks",
    ),
    ('"limit_is_recognised", ', '"limit is recognised", ', "hot_means_certain.caught_by", 'got "limit is recognised"'),
    (CHANGE, "", "hot_means_certain", "expected either change or code"),
    (CHANGE, CHANGE + "\ncode = 'hot_tau = 1'", "hot_means_certain", "expected either change or code"),
    (
        '"500.0", "0.01"',
        '"400.0", "0.01"',
        "hot_means_certain, change 2",
        "it has it nowhere. The nearest line is: hot_tau = 500.0",
    ),
    ('"500.0", "0.01"', '"hot", "cold"', "hot_means_certain, change 2", "it has it 2 times (lines 1, 2 of the cell)"),
    ('"500.0", "0.01"', '"500.0", "500.0"', "hot_means_certain, change 2", "two different texts"),
    ('"500.0", "0.01"', '"= 500.0", "= 0.01"], ["500", "1"', "hot_means_certain", "do not overlap"),
    ('"500.0", "0.01"', '"500.0", ")"', "hot_means_certain", "expected Python; unmatched ')' in line 2"),
    ('"500.0", "0.01"', '"500.0"', "hot_means_certain.change[1]", "2"),
    (CHANGE, "code = 'hot_tau = )'", "hot_means_certain", "expected Python; unmatched ')' in line 1"),
    (CHANGE, "change = ", "syntax", "expected TOML"),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), MISTAKE_ERRORS)
def test_a_wrong_mistake_names_file_mistake_and_change(
    folder: Path, old: str, new: str, key: str, expected: str
) -> None:
    """Each slip in a mistake is told with its file, the mistake, the change, and what the solution has instead."""
    path = folder / "mistakes" / "hot-limit.toml"
    edit(path, old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert caught.value.file == path
    assert caught.value.key == key
    assert expected in caught.value.expected


def test_a_changed_solution_names_the_mistakes_that_no_longer_fit(folder: Path) -> None:
    """Who changes a line of the solution is told which edits were made to that line."""
    edit(folder / "notebook.py", "scaled = z / tau", "scaled = z.div(tau)")
    with pytest.raises(AssignmentError, match=r"divides_in_place, change 1: .* The nearest line is: scaled = z\.div"):
        load_assignment(folder)


ALTERNATIVE_ERRORS = [
    ("# %% letters_as_text", "# %%", "line 1", "expected `# %% name`"),
    ("# %% letters_as_text", '# %% letters_as_text aprt="x"', "line 1", 'whole=true apart="..."` what it needs'),
    ("# %% letters_as_text", "import math\n# %% letters_as_text", "cells", "nothing above the first cell"),
    (
        '"""Letters may come as text, in either case, and a temperature as an integer."""',
        "",
        "letters_as_text",
        "a docstring that says why",
    ),
    ('answers["hot-limit"] = "B"\nhot_tau = 1999\n', "", "letters_as_text", "a docstring that says why"),
    ("hot_tau = 1999", "hot_tau = (", "letters_as_text", "expected Python"),
    (
        "# %% letters_as_text",
        '# %% letters_as_text cell="setup"',
        "letters_as_text.cell",
        'expected one of tempered-softmax, hot-limit; got "setup"',
    ),
    *(
        (
            "# %% letters_as_text",
            f'# %% letters_as_text apart="{id}"',
            "letters_as_text, apart",
            f"ids of other items; got '{id}'",
        )
        for id in ("hot-limit", "nowhere")
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), ALTERNATIVE_ERRORS)
def test_a_wrong_alternative_names_file_and_cell(folder: Path, old: str, new: str, key: str, expected: str) -> None:
    """Each slip in an alternative is told with its file and the name of its cell."""
    path = folder / "alternatives" / "hot-limit.py"
    edit(path, old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert (caught.value.file, caught.value.key) == (path, key)
    assert expected in caught.value.expected


@pytest.mark.parametrize("name", ["mistakes/hot.toml", "mistakes/hot-limit.py", "alternatives/shift-proof.py"])
def test_a_file_that_belongs_to_no_item_is_named(folder: Path, name: str) -> None:
    """Answers that nobody would read are no answers: an unknown item, another format, an item that a person grades."""
    (folder / name).write_text("", encoding="utf-8")
    with pytest.raises(AssignmentError, match="file name: expected the id of an item and"):
        load_assignment(folder)


def test_a_mistake_and_an_alternative_may_not_share_a_name(folder: Path) -> None:
    """Names identify answers in reports, so each is used once."""
    edit(folder / "alternatives" / "hot-limit.py", "letters_as_text", "hot_means_certain")
    with pytest.raises(AssignmentError, match=r"hot-limit\.py: hot_limit_hot_means_certain: expected a name of its"):
        load_assignment(folder)


NOTEBOOK_ERRORS = [
    ("# %% [markdown]\n# ## 1.", '# %% [markdown] author="me"\n# ## 1.', "cell 3", "grade_id, tags, nbgrader"),
    ('"grade_id": "setup"', '"grade_id": "hot-limit"', "cell hot-limit", "one cell of this grade_id"),
    ('"grade_id": "setup", ', "", "cell 2", "with a grade_id"),
]


@pytest.mark.parametrize(("old", "new", "key", "expected"), NOTEBOOK_ERRORS)
def test_a_cell_that_cannot_be_released_is_named(folder: Path, old: str, new: str, key: str, expected: str) -> None:
    """Stray metadata would travel to students, and a doubled grade_id would lose a grade."""
    edit(folder / "notebook.py", old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert (caught.value.file, caught.value.key) == (folder / "notebook.py", key)
    assert expected in caught.value.expected


def test_a_missing_file_is_named(folder: Path) -> None:
    """Without notebook.py the error names notebook.py."""
    (folder / "notebook.py").unlink()
    with pytest.raises(AssignmentError, match=r"demo/notebook\.py: file: expected a file"):
        load_assignment(folder)


def test_a_folder_name_that_is_no_id_is_refused(folder: Path) -> None:
    """The folder's name becomes a path, a database key and a Python string: it is kept simple."""
    with pytest.raises(AssignmentError, match="folder name"):
        load_assignment(folder.rename(folder.with_name("Demo 1")))


MISSPELT = [
    ("assignment.toml", "minutes = 30", "minuets = 30", "minuets", 'did you mean "minutes"?'),
    ("assignment.toml", "cell_seconds = 20", "cel_seconds = 20", "limits.cel_seconds", 'did you mean "cell_seconds"?'),
    ("assignment.toml", 'needs = ["tempered-softmax"]', 'need = ["tempered-softmax"]', "items[1].need", '"needs"?'),
    (
        "assignment.toml",
        'needs = ["tempered-softmax"]',
        'needs = ["temperd-softmax"]',
        "items[1].needs[0]",
        'did you mean "tempered-softmax"?',
    ),
    (
        "assignment.toml",
        '{ points = 1, text = "Writes',
        '{ point = 1, text = "Writes',
        "items[2].rubric[0].point",
        'did you mean "points"?',
    ),
    ("assignment.toml", 'answer = "hot-limit"', 'answer = "hot-limt"', "items[1].answer", 'did you mean "hot-limit"?'),
    ("assignment.toml", "minutes = 30", "minutes == 30", "syntax", "(at line 3, column 10)"),
    (
        "mistakes/hot-limit.toml",
        "caught_by =",
        "caugth_by =",
        "hot_means_certain.caugth_by",
        'did you mean "caught_by"?',
    ),
    (
        "mistakes/hot-limit.toml",
        "[hot_means_certain]",
        '[hot_means_certain]\ncell = "tempered_softmax"',
        "hot_means_certain.cell",
        'did you mean "tempered-softmax"?',
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "says"), MISSPELT)
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(
    file: str, old: str, new: str, key: str, says: str, folder: Path
) -> None:
    """Keys of every level, and what refers to something else: named, with the nearest name that there is."""
    edit(folder / file, old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert (caught.value.file, caught.value.key) == (folder / file, key)
    assert says in caught.value.expected


SETUP = '"grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}'
CELLS = [
    (SETUP, SETUP[:-1], "cell 2", "line 12: expected nbgrader=... as JSON; Expecting"),
    (SETUP, SETUP.replace('"setup"', "'setup'"), "cell 2", "JSON writes text in double quotes"),
    (
        SETUP,
        SETUP.replace('"locked"', '"lock"'),
        "cell setup",
        "line 12: nbgrader has the unknown key 'lock'; did you mean \"locked\"?",
    ),
    (
        SETUP,
        SETUP.replace('"locked": true', '"locked": "true"'),
        "cell setup",
        'line 12: nbgrader: locked: expected true or false; got "true"',
    ),
    ("# %% [markdown]\n# ## 1.", "# %% [markdwon]\n# ## 1.", "cell 3", 'did you mean "[markdown]"?'),
    (
        f'# %% nbgrader={{"grade": false, {SETUP}',
        f'# % nbgrader={{"grade": false, {SETUP}',
        "cell 1",
        'line 12: `# % nbgrader={"grade` looks like the beginning of a cell',
    ),
    ('"grade_id": "hot-limit"', '"grade_id": "setup"', "cell setup", "line 71: expected one cell of this grade_id"),
]


@pytest.mark.parametrize(("old", "new", "key", "says"), CELLS)
def test_a_bad_cell_is_told_with_line_and_cause(old: str, new: str, key: str, says: str, folder: Path) -> None:
    """What stands on a cell's first line and cannot be used is told with that line of notebook.py, and why."""
    if new.startswith("# % "):  # code, so that it is not taken for prose
        edit(folder / "notebook.py", "# %% [markdown]\n# # Softmax", "# %%\n# # Softmax")
    edit(folder / "notebook.py", old, new)
    with pytest.raises(AssignmentError) as caught:
        load_assignment(folder)
    assert (caught.value.key, caught.value.file) == (key, folder / "notebook.py")
    assert says in caught.value.expected


def test_a_cell_knows_its_line(folder: Path) -> None:
    """Each cell of code begins on the line of notebook.py that it names."""
    lines = (folder / "notebook.py").read_text(encoding="utf-8").splitlines()
    code = [cell for cell in load_assignment(folder).cells if cell.type == "code"]
    assert len(code) > 4
    for cell in code:
        assert lines[cell.line - 1 :][: len(cell.source.splitlines())] == cell.source.splitlines()
