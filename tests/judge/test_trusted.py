"""Checks, references and mistakes of an assignment, put together on the trusted side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from autograder.assignment import load_assignment
from autograder.errors import AssignmentError
from autograder.judge import trusted as trusted_module
from autograder.judge.trusted import Trusted
from tests.courses import write_chain
from tests.judge.sample import trusted


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Trusted]:
    """Load `chain` after replacing text in one of its files."""

    def loaded(name: str = "checks.py", old: str = "", new: str = "", mistakes: bool = True) -> Trusted:
        folder = write_chain(tmp_path)
        for path in () if mistakes else (folder / "mistakes").iterdir():
            path.unlink()
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
        return Trusted.load(load_assignment(folder))

    return loaded


def test_checks_and_mistakes_are_found_by_item(load: Callable[..., Trusted]) -> None:
    """Each item has its own checks, in order, and its own mistakes."""
    ready = load()
    assert [c.name for c in ready.checks_of("square")] == ["entries_are_squared", "vector_is_unharmed"]
    assert [m.name for m in ready.mistakes_of("length")] == ["length_forgets_the_root"]
    assert ready.checks_of("nothing") == ()


def test_a_check_of_an_unknown_item_is_refused(load: Callable[..., Trusted]) -> None:
    """A check whose item is not in assignment.toml is named."""
    with pytest.raises(AssignmentError, match=r"vector_is_unharmed: .*not cube"):
        load("checks.py", '@check(item="square", points=1)', '@check(item="cube", points=1)')


def test_a_check_of_a_manual_item_is_refused(load: Callable[..., Trusted]) -> None:
    """What a person grades has no checks."""
    manual = 'kind = "manual"\npoints = 2\nrubric = [{points = 2, text = "all"}]'
    with pytest.raises(AssignmentError, match="automatically graded"):
        load(
            "assignment.toml",
            'kind = "code"\nsource = "own exercise: length from squares"\nanswer = "length"\ntests = "test-length"',
            f'{manual}\nsource = "x"\nanswer = "length"',
            mistakes=False,
        )


def test_an_item_without_checks_is_refused(load: Callable[..., Trusted]) -> None:
    """An automatically graded item that no check looks at would give points away."""
    with pytest.raises(AssignmentError, match="length: expected at least one check"):
        load("checks.py", '@check(item="length"', '@check(item="square"')


def test_a_mistake_names_checks_that_exist(load: Callable[..., Trusted]) -> None:
    """`caught_by` of a mistake is compared with the checks."""
    with pytest.raises(AssignmentError, match=r"square\.toml: square_doubles\.caught_by: .*'no_such_check'"):
        load("mistakes/square.toml", '["entries_are_squared"]', '["no_such_check"]')


def test_references_run_once() -> None:
    """The reference's and a mistake's names are made when first needed, and kept."""
    ready = trusted()
    x = torch.tensor([3.0, 4.0])
    assert ready.reference() is ready.reference()
    assert ready.reference()["length"](x) == 5.0
    mistake = ready.mistakes_of("length")[0]
    assert ready.with_mistake(mistake) is ready.with_mistake(mistake)
    assert ready.with_mistake(mistake)["length"](x) == 25.0


def test_a_judge_holds_few_mistakes_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assignment declares hundreds, each with its data; the last ones, the dear ones and the solution are kept, and
    one that went comes to life again as it was."""
    ready = trusted()
    mistake = ready.mistakes_of("length")[0]
    many = [replace(mistake, name=f"number_{place}") for place in range(20)]
    x, reference, first = torch.tensor([3.0, 4.0]), ready.reference(), ready.with_mistake(many[0])
    for one in many:
        assert ready.with_mistake(one)["length"](x) == 25.0
    assert ready.with_mistake(many[-1]) is ready.with_mistake(many[-1])
    assert ready.with_mistake(many[0]) is not first
    assert ready.with_mistake(many[0])["length"](x) == 25.0
    assert ready.reference() is reference
    assert len(ready._spaces) <= 10
    monkeypatch.setattr(trusted_module, "_DEAR", 0.0)
    dear = [ready.with_mistake(replace(mistake, name=f"dear_{place}")) for place in range(20)]
    assert ready.with_mistake(replace(mistake, name="dear_0")) is dear[0]


def test_stand_ins_are_the_functions_of_needed_items() -> None:
    """An item that builds on another may be given that one's functions, and no others."""
    ready = trusted()
    assert set(ready.stand_ins("length")) == {"square"}
    assert ready.stand_ins("length")["square"] is ready.reference()["square"]
    assert ready.stand_ins("square") == {}


def test_a_class_is_no_stand_in(load: Callable[..., Trusted]) -> None:
    """An object could not cross, and it would be made of any size that student code asks for."""
    ready = load("assignment.toml", 'submits = ["square(x)"]', 'submits = ["square(x)", "Layer(size)"]', mistakes=False)
    ready.reference()["Layer"] = type("Layer", (), {})
    assert set(ready.stand_ins("length")) == {"square"}


def test_a_mistake_runs_no_cell_for_a_letter_in_a_text() -> None:
    """Checks of the ReLU chain speak of x; the table of trained cells, whose loop has an x, takes seconds to fill."""
    course = Trusted.load(load_assignment(Path(__file__).parents[2] / "assignments" / "rnn_backprop"))
    mistake = course.mistakes_of("s001-1.1.1")[0]
    assert not {"recalled", "three"} & set(course.like(mistake))
    assert "relu_chain_grad" in course.like(mistake)
