"""Which device a run takes: the command line first, then what assignments say, then what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

from autograder.authoring import read_toml
from autograder.device import choose, mismatches, missing
from autograder.errors import AssignmentError, Seq2gradeError


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a GPU were there: what is chosen is only a word."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.parametrize(("asked", "wanted", "device"), [
    ("auto", {"a": "cpu"}, "cpu"), ("auto", {"a": "auto"}, "cuda"), ("auto", {"a": "cuda"}, "cuda"),
    ("auto", {"a": "auto", "b": "cpu"}, "cpu"), ("auto", {"a": "auto", "b": "cuda"}, "cuda"), ("auto", {}, "cpu"),
    ("cpu", {"a": "cuda"}, "cpu"), ("cuda", {"a": "cpu"}, "cuda"), ("cpu", {"a": "cuda", "b": "cpu"}, "cpu"),
])  # fmt: skip
def test_with_a_gpu(gpu: None, asked: str, wanted: dict[str, str], device: str) -> None:
    """The command line wins; auto takes cuda only where it is wanted, or where all of a run may have it."""
    assert choose(asked, wanted) == device


@pytest.mark.parametrize(("asked", "wanted"), [
    ("auto", {"a": "cpu"}), ("auto", {"a": "auto"}), ("auto", {}), ("cpu", {"a": "cuda"}), ("cpu", {}),
])  # fmt: skip
def test_without_a_gpu(no_gpu: None, asked: str, wanted: dict[str, str]) -> None:
    """What does not insist on it runs on the CPU."""
    assert choose(asked, wanted) == "cpu"


@pytest.mark.parametrize(("asked", "wanted", "names"), [
    ("cuda", {}, "--device cuda"), ("auto", {"gpt": "cuda"}, "gpt"),
])  # fmt: skip
def test_a_gpu_that_is_missing_is_told(no_gpu: None, asked: str, wanted: dict[str, str], names: str) -> None:
    """Who asks for it, what is missing, and what to do instead."""
    with pytest.raises(Seq2gradeError, match=f"{names}.*torch {re.escape(torch.__version__)}.*`--device cpu`") as told:
        choose(asked, wanted)
    assert missing() in str(told.value)


@pytest.mark.parametrize(("built", "says"), [(None, "built without CUDA"), ("12.8", "finds no GPU for its CUDA 12.8")])
def test_what_is_missing_is_told_apart(
    no_gpu: None, monkeypatch: pytest.MonkeyPatch, built: str | None, says: str
) -> None:
    """A torch without CUDA, and one that finds no GPU, need different things."""
    monkeypatch.setattr(torch.version, "cuda", built)
    assert says in missing()


def test_assignments_that_differ_are_not_mixed(gpu: None) -> None:
    """One run has one device: nobody guesses which."""
    with pytest.raises(Seq2gradeError, match="gpt and rnn want different devices"):
        choose("auto", {"gpt": "cuda", "rnn": "cpu", "any": "auto"})


def test_a_device_against_the_assignment_is_told() -> None:
    """A line for each assignment that says another one; those that take any say nothing."""
    (line,) = mismatches("cpu", {"gpt": "cuda", "rnn": "cpu", "any": "auto"})
    assert line.startswith('gpt says device = "cuda"')


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "gpu"])
def test_an_assignment_names_its_device(tmp_path: Path, device: str) -> None:
    """auto, cpu or cuda; anything else is an error that names the key."""
    text = f'title = "a"\nsummary = "b"\nminutes = 1\ndevice = "{device}"\n[[items]]\n'
    item = 'id = "x"\ntitle = "x"\nkind = "code"\nsource = "x"\nanswer = "x"\ntests = "t"\n'
    path = tmp_path / "assignment.toml"
    path.write_text(text + item)
    if device == "gpu":
        with pytest.raises(AssignmentError, match="device"):
            read_toml(path)
    else:
        assert read_toml(path).device == device
