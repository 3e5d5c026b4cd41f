"""The larger runs, without a GPU: they cost what the notebooks state, and the cells that make them run to their end."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from seq2kit import gpu
from seq2kit.generative import diffusion, digits
from seq2kit.language import corpus
from seq2kit.rnn import recall
from seq2kit.scaling import runs
from torch import Tensor, nn

from autograder.assignment import find_assignments, load_assignment
from autograder.reference import at_work, reference_namespace

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
TRAINING = [folder.name for folder in find_assignments(ROOT) if (folder / "handin").is_dir()]
SOURCE, TARGET = 12, 14  # tokens of a word of 11 letters with its end sign, and of its translation
Made = tuple[nn.Module, Callable[[nn.Module], Tensor]]
Space = dict[str, Any]


def gpt(space: Space, name: str, size: gpu.Size) -> Made:
    with gpu.META:
        model = space["GPT"](**size.model)
    return model, lambda model: model(gpu.ids(size.batch, size.model["context"]))


def translator(space: Space, name: str, size: gpu.Size) -> Made:
    words = gpu.ids(size.batch, SOURCE), gpu.ids(size.batch, TARGET)
    return space["larger_translator"](**size.model), lambda model: model(*words)[0]


def one_stack(space: Space, name: str, size: gpu.Size) -> Made:
    with gpu.META:
        model = space["larger_model"](name, size)
    two = gpu.ids(size.batch, SOURCE), gpu.ids(size.batch, TARGET)
    one = (gpu.ids(size.batch, SOURCE + TARGET),)
    return model, lambda model: model(*(two if name.startswith("encoder") else one))[0]


def cells(space: Space, name: str, size: gpu.Size) -> Made:
    steps = torch.zeros(size.model["lag"] + 1, recall.STARTS, size.batch, recall.SYMBOLS, device=gpu.META)
    return space["larger_cells"](**size.model), lambda model: model(steps)


def tiny_gpt(space: Space, name: str, size: gpu.Size) -> Made:
    with gpu.META:
        model = runs.TinyGPT(space["source"].vocab, runs.CONTEXT, **size.model)
    return model, lambda model: model(gpu.ids(size.batch, runs.CONTEXT))


def wide_denoiser(space: Space, name: str, size: gpu.Size) -> Made:
    with gpu.META:
        model = diffusion.Denoiser(**size.model)
    noisy, levels = (torch.zeros(size.batch, n, device=gpu.META) for n in (digits.PIXELS, 1))
    return model, lambda model: model(noisy, levels + 1)


def classifier(space: Space, name: str, size: gpu.Size) -> Made:
    with gpu.META:
        model = space["larger_classifier"](**size.model)
    # no mask: transformers looks whether one masks anything, and on the meta device there is nothing to look at
    return model, lambda model: model(input_ids=gpu.ids(size.batch, 7))[0]


MADE: dict[str, Callable[[Space, str, gpu.Size], Made]] = {
    "bert_finetuning": classifier, "decoder_only_nmt": one_stack, "generative_lab": wide_denoiser,
    "gpt_lm": gpt, "nmt_attention": translator,
    "rnn_backprop": cells, "scaling_laws": tiny_gpt,
}  # fmt: skip
# What makes each run small enough for a test.
SMALL: dict[str, dict[str, Any]] = {
    "bert_finetuning": {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 120},
    "decoder_only_nmt": {"hidden": 8, "layers": 1, "hidden_size": 8, "num_layers": 1},
    "generative_lab": {"width": 8},
    "gpt_lm": {"d": 8, "layers": 1, "context": 8},
    "nmt_attention": {"hidden": 8, "layers": 1},
    "rnn_backprop": {"lag": 3, "size": 4},
    "scaling_laws": {"width": 4},
}


@pytest.fixture(scope="module", params=TRAINING)
def named(request: pytest.FixtureRequest) -> tuple[str, Space]:
    """An assignment, and what stands in its notebook after the reference has run."""
    assignment = load_assignment(ROOT / "assignments" / request.param)
    with at_work(assignment):
        return request.param, reference_namespace(assignment)


def cells_of(name: str) -> tuple[str, str]:
    """The cell that states the sizes, and the one after it, which trains."""
    sources = [cell.source for cell in load_assignment(ROOT / "assignments" / name).cells if cell.type == "code"]
    place = next(place for place, source in enumerate(sources) if re.search("^LARGER = ", source, re.M))
    return sources[place], sources[place + 1]


def smaller(name: str, size: gpu.Size) -> gpu.Size:
    """A run of the same kind that takes a second."""
    model = {key: SMALL[name].get(key, value) for key, value in size.model.items()}
    return replace(size, model=model, batch=8 if name in ("gpt_lm", "scaling_laws") else 2000, updates=30)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is trained, none of the variables that say how, and a short text for the GPT."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    for variable in ("SEQ2GRADE_PROFILE", "SEQ2GRADE_GRADING"):
        monkeypatch.delenv(variable, raising=False)
    whole = corpus.from_automaton
    monkeypatch.setattr(corpus, "from_automaton", lambda automaton, **_: whole(automaton, train=2000, validation=400))
    return tmp_path


def test_cost_is_what_the_notebook_states(named: tuple[str, Space]) -> None:
    """One update on the meta device: parameters to the last one, FLOPs within 1 %, memory within a fifth (which tensors
    torch keeps for the backward pass depends on its version). A mask that stays on the CPU would be an error."""
    name, space = named
    for run, size in space["LARGER"].items():
        found = gpu.cost(*MADE[name](space, run, size))
        assert found.parameters == size.cost.parameters, run
        assert found.flops == pytest.approx(size.cost.flops, rel=0.01), run
        assert found.memory == pytest.approx(size.cost.memory, rel=0.2), run


def test_cells_train_keep_and_load(
    named: tuple[str, Space], nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the profile the cell says what it would train. With it, small sizes, and the CPU in place of a GPU, it
    trains into a folder of its own; a second time, without a GPU, it loads."""
    name, space = named[0], dict(named[1])
    sizes, run = cells_of(name)
    exec(compile(sizes, "sizes", "exec"), space)
    exec(compile(run, "run", "exec"), space)
    assert "Not trained: set SEQ2GRADE_PROFILE=gpu" in capsys.readouterr().out
    assert os.listdir(nowhere) == []
    space["LARGER"] = {key: smaller(name, size) for key, size in space["LARGER"].items()}
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "gpu")
    made = {f"{key}.safetensors" for key in space["LARGER"]}
    for there in (gpu.HOME, None):
        monkeypatch.setattr(gpu, "device", lambda there=there: there)
        exec(compile(run, "run", "exec"), space)
        said = capsys.readouterr().out
        assert "stops with" not in said
        assert "Not trained" not in said
        assert set(os.listdir(nowhere / gpu.FOLDER)) == made
        assert os.listdir(nowhere) == [gpu.FOLDER]
