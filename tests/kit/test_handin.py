"""One zip with what belongs to a hand-in, and what is said about models that are missing, fast, or old."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from types import FunctionType

import pytest
import torch
from seq2kit import __main__ as command
from seq2kit import checkpoints, handin, homework, origins, profiles

from autograder.collect import files as grader
from tests.kit.sample_homework import filled, given, save

LAYER = "class Layer(nn.Module):\n    def forward(self, x):\n        return {}"
TRAINING = "def trained():\n    return helper(Layer())\ndef helper(layer):\n    return layer\ndef stranger():\n    pass"


def problems(packed: handin.Pack) -> str:
    return "\n".join(one.text for one in packed.remarks if one.kind == "problem")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the notebook lies and runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(profiles.VARIABLE, raising=False)
    monkeypatch.delenv("SEQ2GRADE_HANDIN", raising=False)
    return tmp_path


def train_in(cells: list[str], name: str) -> None:
    """Save a checkpoint as code of a notebook with these cells does."""
    space: dict[str, object] = {
        "__name__": "__main__",
        "In": ["", *cells],
        "nn": torch.nn,
        "checkpoints": checkpoints,
        "torch": torch,
    }
    for cell in cells:
        exec(compile(cell, "<cell>", "exec"), space)
    run = compile(f"layer = trained()\ncheckpoints.save({name!r}, {{'w': torch.zeros(2)}})", "<cell>", "exec")
    FunctionType(run, space)()


def test_the_limits_are_the_graders() -> None:
    """What is packed is taken."""
    assert (handin.FILES, handin.BYTES) == (grader.FILE_LIMIT, grader.BYTE_LIMIT)
    assert handin.MODELS == grader.TRAINED


def test_what_belongs_to_it_is_packed(here: Path) -> None:
    """The notebook under the assignment's name, models, own modules with what they import, and data that is named; not
    what merely lies there."""
    work = save(here, filled("import helpers\nopen('data/points.csv')"), "my work (1).ipynb")
    for name, text in {
        "helpers.py": "import deep.more",
        "deep/__init__.py": "",
        "deep/more.py": "",
        "other.py": "",
        "data/points.csv": "1,2",
        "data/more.csv": "",
        "checkpoints/notes.txt": "",
    }.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    checkpoints.save("model", {"w": torch.zeros(2)})
    packed = handin.pack(work)
    assert list(packed.files) == [
        "hw.ipynb",
        "checkpoints/model.safetensors",
        "deep/__init__.py",
        "deep/more.py",
        "helpers.py",
        "data/points.csv",
    ]
    assert packed.files["hw.ipynb"] == work.path.read_bytes()
    assert packed.modules == {"helpers", "deep"}
    assert handin.zipped(packed.files) == handin.zipped(handin.pack(work).files)
    with zipfile.ZipFile(io.BytesIO(handin.zipped(packed.files))) as archive:
        assert archive.namelist() == list(packed.files)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../secret.txt", ".hidden.csv", "hw.ipynb", "x" * 300 + ".csv", "a\0.csv"]
)
def test_nothing_else_is_packed(here: Path, name: str) -> None:
    """Text in code that leads elsewhere, or to what the grader passes over, brings nothing along."""
    (here.parent / "secret.txt").write_text("secret")
    (here / ".hidden.csv").write_text("1")
    assert list(handin.pack(save(here, filled(f"open({name!r})"))).files) == ["hw.ipynb"]


def test_completions_that_are_kept_are_packed(here: Path) -> None:
    """Files of completions belong to it, beside the notebook and among the models, though no cell of the student's
    names them; nobody takes them for weights."""
    (here / "checkpoints").mkdir()
    for name in ("completions.jsonl", "checkpoints/replies.jsonl", ".hidden.jsonl"):
        (here / name).write_text("{}\n", encoding="utf-8")
    packed = handin.pack(save(here, filled("open('completions.jsonl')")))
    assert [name for name in packed.files if name.endswith("jsonl")] == [
        "checkpoints/replies.jsonl",
        "completions.jsonl",
    ]
    assert problems(packed) == ""


def test_what_the_course_gave_stays_there(here: Path) -> None:
    """The grader has it: it is there for `check`, no part of the zip, and missed where it is missing."""
    notebook = filled("import given_code\nopen('points.csv')\nopen('own.csv')")
    notebook["metadata"]["seq2grade"]["files"] = ["given_code.py", "points.csv", "lost.csv", "../up.csv"]
    for name in ("given_code.py", "points.csv", "own.csv", "../up.csv"):
        (here / name).write_text("")
    packed = handin.pack(save(here, notebook))
    assert list(packed.files) == ["hw.ipynb", "own.csv"]
    assert set(packed.given) == {"given_code.py", "points.csv"}
    assert packed.modules == {"given_code"}
    assert "not beside it: lost.csv" in packed.remarks[0].text


def test_missing_models_are_told(here: Path) -> None:
    """By name; where students choose the names, as many as there should be will do."""
    work = save(here, given(models=("checkpoints/a.safetensors", "checkpoints/b.safetensors")))
    checkpoints.save("a", {"w": torch.zeros(2)})
    assert "Trained models are missing: checkpoints/b.safetensors." in problems(handin.pack(work))
    checkpoints.save("mine", {"w": torch.zeros(2)})
    assert problems(handin.pack(work)) == ""


def test_the_fast_profile_is_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its models still lie where it put them, or were moved to where the full ones belong."""
    work = save(here, given(models=("checkpoints/a.safetensors",)))
    monkeypatch.setenv(profiles.VARIABLE, "fast")
    checkpoints.save("a", {"w": torch.zeros(2)})
    packed = handin.pack(work)
    assert "checkpoints-fast/ comes from the fast profile" in problems(packed)
    assert list(packed.files) == ["hw.ipynb"]
    (here / "checkpoints-fast").rename(here / "checkpoints")
    assert "a.safetensors comes from the fast profile" in problems(handin.pack(work))


def test_old_weights_are_told(here: Path) -> None:
    """A layer that changed since the weights were made is named; comments, or code that they have nothing to do with,
    say nothing."""
    cells = [LAYER.format("x"), TRAINING]
    train_in(cells, "model")
    same = LAYER.format("x  # as ever").replace("nn.Module):", 'nn.Module):\n    """A layer."""\n')
    calm = save(here, filled(same, TRAINING.replace("pass", "return 3"), "%matplotlib inline"))
    assert problems(handin.pack(calm)) == ""
    changed = save(here, filled(LAYER.format("2 * x"), TRAINING))
    assert "model.safetensors is older than your code: Layer changed" in problems(handin.pack(changed))
    again = save(here, filled(LAYER.format("2 * x"), TRAINING, LAYER.format("x")))
    assert problems(handin.pack(again)) == ""
    gone = save(here, filled(LAYER.format("x")))
    assert "helper, trained changed" in problems(handin.pack(gone))


def test_hints_of_types_change_nothing_that_was_trained() -> None:
    """Weights are as new as their code when it is hinted afterwards, and so are those stamped when hints counted."""
    plain, hinted = "def f(x, *, y=1):\n    return x", "def f(x: int, *, y: int = 1) -> int:\n    return x"
    for before in (plain, hinted):
        for hints in (False, True):
            stamp = {"python": origins._python(), "code": origins.definitions([before], hints)}
            assert origins.changed(stamp, [before]) == []
    assert origins.definitions([plain]) == origins.definitions([hinted])
    assert origins.changed({"python": origins._python(), "code": origins.definitions([plain], True)}, [hinted]) == []
    assert origins.changed(stamp, ["def f(x): pass"]) == ["f"]


def test_facts_come_back_without_the_stamp(here: Path) -> None:
    """Who wrote facts beside the weights reads those and no others."""
    checkpoints.save("model", {"w": torch.zeros(2)}, {"losses": [1.0]})
    assert checkpoints.load("model")[1] == {"losses": [1.0]}
    assert checkpoints.stamped(here / "checkpoints/model.safetensors")["profile"] == "full"


def test_weights_of_another_day_say_nothing(here: Path) -> None:
    """Files without a stamp, of another Python, or with a stamp of nonsense are no reason for a word."""
    assert origins.changed({}, []) == []
    assert origins.changed({"code": {"f": "0"}, "python": "2.7"}, []) == []
    assert origins.changed({"code": "f", "python": "3.11"}, []) == []


def test_a_file_of_weights_that_is_none_is_told(here: Path) -> None:
    """It is packed all the same: the student decides."""
    work = save(here, given())
    (here / "checkpoints").mkdir()
    (here / "checkpoints/model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0[[[[[[[[")
    packed = handin.pack(work)
    assert "holds no weights" in problems(packed)
    assert "checkpoints/model.safetensors" in packed.files


def test_too_much_is_left_out_with_a_word(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The zip is never larger than what the grader takes."""
    work = save(here, filled("open('data.csv')"))
    (here / "data.csv").write_text("1" * 1000)
    monkeypatch.setattr(handin, "BYTES", len(work.path.read_bytes()) + 999)
    packed = handin.pack(work)
    assert "data.csv was left out" in problems(packed)
    assert list(packed.files) == ["hw.ipynb"]


def test_the_command_writes_the_zip_and_says_what_is_in_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 where all is well; 1, and the zip all the same, where points are at stake."""
    save(here, filled())
    assert command.main(["handin"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("hw-handin.zip  (")
    assert "No cell has been run" in said
    save(here, given(models=("checkpoints/a.safetensors",)))
    assert command.main(["handin", "-o", "other.zip"]) == 1
    said = capsys.readouterr().out
    assert "Trained models are missing" in said
    assert "Not answered: One, Two, Three, Why." in said
    assert zipfile.is_zipfile("other.zip")
    assert sorted(os.listdir()) == ["hw-handin.zip", "hw.ipynb", "other.zip"]


def test_no_other_file_is_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-o takes zips only, so that a slip costs no notebook."""
    save(here, filled())
    assert command.main(["handin", "-o", "hw.ipynb"]) == 2
    assert "should end in .zip" in capsys.readouterr().err
    assert homework.read(here / "hw.ipynb").assignment == "hw"
