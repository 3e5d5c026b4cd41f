"""The practice model is a bigram table, and its diary holds what it was given and how."""

from __future__ import annotations

import pytest
import torch
from seq2kit.language.diary import Table


def test_logits_are_rows_of_the_table_and_can_be_trained() -> None:
    """Row i belongs to token i, gradients reach it, and the weight given stays apart from the model's own."""
    weight = torch.arange(9.0).reshape(3, 3)
    table = Table(weight)
    ids = torch.tensor([[0, 2], [1, 1]])
    out = table(ids)
    assert torch.equal(out, weight[ids])
    out.sum().backward()
    assert table.weight.grad is not None
    assert table.weight.grad[:, 0].tolist() == [1.0, 2.0, 1.0]
    assert set(table.state_dict()) == {"weight"}
    with torch.no_grad():
        table.weight.zero_()
    assert weight[2, 2] == 8.0


def test_the_diary_says_what_was_read_in_which_mode() -> None:
    """One entry per call, in order, with a copy of the tokens."""
    table = Table(torch.zeros(4, 4))
    ids = torch.tensor([[3, 1]])
    table(ids)
    table.eval()
    with torch.no_grad():
        table(ids[:, :1])
    ids.zero_()
    assert [part.tolist() for part in table.diary.ids] == [[[3, 1]], [[3]]]
    assert table.diary.training == [True, False]
    assert table.diary.gradients == [True, False]


def test_a_table_that_is_not_square_is_refused() -> None:
    """Logits of the next token for each token: V rows, V columns."""
    with pytest.raises(ValueError, match="square"):
        Table(torch.zeros(3, 4))
