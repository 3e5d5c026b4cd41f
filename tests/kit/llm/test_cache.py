"""Completions that are kept in a file."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from seq2kit.llm import Cached, LocalModel
from seq2kit.llm.baselines import NGramModel
from seq2kit.llm.cache import read

ASKED = [{"role": "user", "content": "Say bird twice."}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints" / "completions.jsonl"


def test_what_was_asked_is_read_from_the_file(small: LocalModel, path: Path) -> None:
    """The second time, and in another process that reads the file, the model is not asked; the answer is the same."""
    model = Cached(small, path)
    first = model.generate(ASKED, temperature=1, seed=3)
    assert model.generate(ASKED, temperature=1.0, seed=3) == first
    assert model.asked == 1
    again = Cached("small", path)
    assert (again.generate(ASKED, temperature=1.0, seed=3), again.asked, again.name) == (first, 0, "small")


def test_everything_that_decides_a_text_is_part_of_the_key(small: LocalModel, path: Path) -> None:
    """Another prompt, setting, seed or model is asked anew."""
    model = Cached(small, path)
    for how in ({}, {"seed": 1}, {"temperature": 0.5}, {"top_p": 0.5}, {"top_k": 2}, {"stop": ["b"]}):
        model.generate("a", max_new_tokens=2, **how)  # type: ignore[arg-type]
    model.generate("a", max_new_tokens=3)
    model.generate([{"role": "user", "content": "a"}], max_new_tokens=2)
    assert model.asked == 8
    other = Cached(NGramModel("a b c"), path)
    other.generate("a", max_new_tokens=2)
    assert other.asked == 1
    entries, damaged = read(path)
    assert (len(entries), len({entry.key for entry in entries}), damaged) == (9, 9, [])


def test_a_damaged_line_is_told_and_costs_itself_alone(small: LocalModel, path: Path) -> None:
    """Lines that are torn, of another kind or no UTF-8 are named with their numbers; all others count, and a new
    completion after a torn end begins a line of its own."""
    model = Cached(small, path)
    for seed in range(2):
        model.generate("a", max_new_tokens=2, temperature=1.0, seed=seed)
    good = path.read_bytes()
    wrong = json.dumps({**json.loads(good.splitlines()[0]), "finish": "whenever"}).encode()
    path.write_bytes(b"[1, 2]\n" + good + wrong + b"\n\xff\n" + b"[" * 100_000 + b"\n\n" + good[:40])
    with pytest.warns(UserWarning, match=r"line 1: .*line 4: .*line 5: .*line 6: .*line 8: "):
        again = Cached(small, path)
    again.generate("a", max_new_tokens=2, temperature=1.0, seed=1)
    assert (again.asked, len(again.damaged)) == (0, 5)
    fresh = again.generate("a", max_new_tokens=2, temperature=1.0, seed=7)
    entries, damaged = read(path)
    assert (entries[-1].completion, len(entries), len(damaged)) == (fresh, 3, 5)


def test_a_file_of_completions_needs_no_model(small: LocalModel, path: Path) -> None:
    """SmolLM2 is opened when it is first asked, so that what is handed in can be read where it is not installed."""
    line = json.loads(_line(small, path))
    path.write_text(json.dumps({**line, "model": "smollm2"}) + "\n", encoding="utf-8")
    handed_in = Cached("smollm2", path)
    assert handed_in.generate("a", max_new_tokens=2).text == line["text"]
    assert handed_in.asked == 0


def _line(model: LocalModel, path: Path) -> str:
    Cached(model, path).generate("a", max_new_tokens=2)
    return path.read_text(encoding="utf-8")


def test_two_at_once_keep_whole_lines(path: Path) -> None:
    """Several writers of one file lose nothing."""
    model = NGramModel("a b c d e f g. " * 3, 2)

    def write(start: int) -> None:
        mine = Cached(model, path)
        for seed in range(start, start + 40):
            mine.generate("a", temperature=1.0, seed=seed)

    path.parent.mkdir()
    path.touch()
    threads = [threading.Thread(target=write, args=(40 * k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries, damaged = read(path)
    assert damaged == []
    assert {entry.settings.seed for entry in entries} == set(range(160))
