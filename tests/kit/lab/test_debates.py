"""What the lab puts to its models."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from seq2kit import llm
from seq2kit.lab import debates
from seq2kit.lab.debates import debater, speaker
from seq2kit.lab.standin import Recited, Script


def test_a_debater_holds_the_debate_it_was_given() -> None:
    """Topic, temperature and seed arrive in the debate, beside the model that speaks."""
    told = Script(["Cheap."], ["Loud."])

    def debate(generate: Script, topic: str, T: float, first_seed: int) -> dict[str, list[str]]:
        return {side: [generate(f"{side} {topic}", T=T, seed=first_seed)] for side in ("for", "against")}

    assert debater(debate, told)("bees", 0.4, 7) == {"for": ["Cheap."], "against": ["Loud."]}
    assert told.log == [("for bees", 0.4, 7), ("against bees", 0.4, 7)]


def test_a_text_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kit's own model is not asked again for a prompt, temperature and seed, until its weights change; a model
    that somebody brings along is."""
    small = llm.load("small")
    written, generate = [], small.generate

    def counted(*args: Any, **settings: Any) -> Any:
        written.append(settings["seed"])
        return generate(*args, **settings)

    monkeypatch.setattr(small, "generate", counted)
    monkeypatch.setattr(debates, "_WRITTEN", {})
    first = [speaker("small", max_new_tokens=5)("Dogs?", T=0.9, seed=seed) for seed in (1, 2, 1, 2)]
    assert first[:2] == first[2:]
    assert written == [1, 2]
    assert speaker("small", max_new_tokens=6)("Dogs?", T=0.9, seed=1)
    assert speaker(small, max_new_tokens=5)("Dogs?", T=0.9, seed=1) == first[0]
    assert written == [1, 2, 1, 1], "another length is another text; what is brought along is asked each time"
    with torch.no_grad():
        next(small.model.parameters()).add_(0.0)
    assert speaker("small", max_new_tokens=5)("Dogs?", T=0.9, seed=1) == first[0]
    assert written == [1, 2, 1, 1, 1], "weights that were changed are asked anew"


def test_a_model_from_elsewhere_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an address or a folder leads to may be another model tomorrow, and may have no weights here."""
    there = Recited("there", {}, "Cheap.")
    monkeypatch.setattr(llm, "load", lambda source: there)
    generate = speaker("http://127.0.0.1:1/v1")
    assert [generate("Dogs?", T=0.5, seed=3) for _ in range(2)] == ["Cheap."] * 2
    assert len(there.log) == 2
