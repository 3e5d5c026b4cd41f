"""What the kit's small model can do, on words and sums that it was never shown."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from seq2kit.llm import LocalModel, make_small
from seq2kit.llm import small_tasks as tasks


def share_right(model: LocalModel, task: str, shown: int, count: int = 25) -> float:
    """How many of so many held-out inputs it answers, as a pattern after `shown` examples."""
    draw = random.Random(f"{task} {shown}")
    right = 0
    for _ in range(count):
        examples = [tasks.example(task, draw) for _ in range(shown)]
        asked = tasks.example(task, draw, held_out=True)
        got = model.generate(tasks.pattern(examples, asked.given), max_new_tokens=14, stop=["\n"]).text
        right += got.strip() == asked.answer
    return right / count


def test_examples_in_the_prompt_help(small: LocalModel) -> None:
    """ "cat -> " alone may mean five things; after three examples the model does what they do."""
    alone, after = (sum(share_right(small, task, shown, 8) for task in tasks.WORD_TASKS) / 5 for shown in (0, 3))
    assert alone <= 0.4
    assert after >= 0.8


def test_what_is_held_out_is_shown_to_nobody() -> None:
    """No word or sum is in both parts, and texts to learn from have only the one."""
    assert not set(tasks.words()) & set(tasks.words(held_out=True))
    assert not set(tasks.sums()) & set(tasks.sums(held_out=True))
    texts = ["".join(part for part, _ in tasks.document(random.Random(seed))) for seed in range(300)]
    shown = [line.split(" =")[0] for text in texts for line in text.splitlines() if " = " in line]
    assert len(shown) > 50
    assert set(shown) <= set(tasks.sums())


def test_answers_are_right() -> None:
    """What it is taught is true."""
    draw = random.Random(0)
    for task in ("sum", *tasks.WORD_TASKS):
        example = tasks.example(task, draw)
        assert example.given in example.asked
        assert tasks.pattern([example]).endswith(f" {example.answer}\n")
    assert tasks.SUMS.answer("12 + 30") == "42"
    assert [task.answer("bird") for task in tasks.WORD_TASKS.values()] == ["drib", "BIRD", "b", "d", "bird bird"]


def test_it_is_made_by_its_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A few updates of `python -m seq2kit.llm.make_small` give a folder that opens as the kit's own does."""
    from seq2kit.llm import load

    make_small.main(["--steps", "2", "--into", str(tmp_path)])
    made, ours = load(str(tmp_path)), load("small")
    assert isinstance(made, LocalModel)
    assert made.tokenizer.get_vocab() == ours.tokenizer.get_vocab()
    assert made.tokenizer.chat_template == ours.tokenizer.chat_template
    told = {name: tensor.shape for name, tensor in ours.model.state_dict().items()}
    assert {name: tensor.shape for name, tensor in made.model.state_dict().items()} == told
    assert "nats on answers" in capsys.readouterr().out
    assert all(torch.isfinite(parameter).all() for parameter in made.model.parameters())
