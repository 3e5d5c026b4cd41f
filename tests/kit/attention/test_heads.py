"""Spectra of a real model's heads: measured where the model is, told where it is not."""

from __future__ import annotations

import pytest
import torch
from seq2kit.attention import heads
from seq2kit.bert import packaged
from torch import Tensor


def refused(matrix: Tensor, share: float) -> int:
    raise AssertionError("nothing is to be counted")


def test_where_a_notebook_is_graded_our_numbers_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model is loaded there, and whose numbers they are is said."""
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    told = heads.measured(refused)
    assert told.ours
    assert (len(told.counts), len(told.counts[0]), len(told.counts[0][0])) == (6, 12, 4)
    flat = [count for layer in told.counts for head in layer for count in head]
    assert (min(flat), max(flat), told.n) == (1, 115, 128)


def test_without_the_package_our_numbers_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook shows the same picture everywhere."""
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    monkeypatch.setattr(packaged, "installed", lambda name: False)
    assert heads.measured(refused).ours


def test_each_head_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the model is there, the student's function sees every head's matrix on every text."""
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    monkeypatch.setattr(packaged, "installed", lambda name: True)
    monkeypatch.setattr(heads, "attention_matrices", lambda text: torch.eye(5).repeat(2, 3, 1, 1))
    found = heads.measured(lambda matrix, share: len(matrix))
    assert not found.ours
    assert found.counts == [[[5] * 4] * 3] * 2
    assert found.n == 5


def test_texts_are_long_enough_and_differ() -> None:
    """Each has at least as many words as word pieces are looked at."""
    found = heads.texts()
    assert len(set(found)) == 4
    assert all(len(text.split()) >= heads.LENGTH for text in found)
