"""The recall task, its cells, and their training; and the picture of what they recall."""

from __future__ import annotations

import pytest
import torch
from seq2kit.rnn import recall, recall_pictures


def test_only_the_first_step_shows_the_symbol() -> None:
    """Step 0 is one-hot at the symbol; the noise after it does not depend on it."""
    x, symbols = recall.episodes(7, 5, torch.Generator().manual_seed(1))
    assert x.shape == (8, recall.STARTS, 5, recall.SYMBOLS)
    assert symbols.shape == (recall.STARTS, 5)
    assert torch.equal(x[0].argmax(-1), symbols)
    assert torch.equal(x[0].sum(-1), torch.ones(recall.STARTS, 5))
    assert float(x[1:].abs().max()) < 6 * recall.NOISE


def test_test_episodes_never_change() -> None:
    """Two calls give the same episodes, and two lags give others."""
    (one, shown), (two, again) = recall.test_episodes(5), recall.test_episodes(5)
    assert torch.equal(one, two)
    assert torch.equal(shown, again)
    assert not torch.equal(recall.test_episodes(10)[1], shown)


def test_recurrent_matrices_start_as_their_kind_says() -> None:
    """`small` has the norm that is said, `orthogonal` and the candidate of `gru` are orthogonal; starts differ."""
    small, orthogonal = (recall.Cells(kind).W.detach() for kind in ("small", "orthogonal"))
    gru = recall.Cells("gru", keep=4.0)
    identity = torch.eye(recall.SIZE).expand(recall.STARTS, -1, -1)
    assert torch.allclose(torch.linalg.matrix_norm(small, 2), torch.full((recall.STARTS,), recall.SMALL), atol=1e-5)
    for W in (orthogonal, gru.W.detach()[:, 2 * recall.SIZE :]):
        assert torch.allclose(W @ W.mT, identity, atol=1e-5)
        assert not torch.allclose(W[0], W[1])
    assert torch.equal(
        gru.b.detach()[..., recall.SIZE : 2 * recall.SIZE], torch.full((recall.STARTS, 1, recall.SIZE), 4.0)
    )


def test_starts_do_not_see_each_other() -> None:
    """Changing the weights of one start changes its scores and no others."""
    cells = recall.Cells("orthogonal")
    x, _ = recall.episodes(4, 6, torch.Generator().manual_seed(2))
    with torch.no_grad():
        before = cells(x)
        cells.W[1] += 1.0
        after = cells(x)
    assert torch.equal(before[0], after[0])
    assert torch.equal(before[2], after[2])
    assert not torch.allclose(before[1], after[1])


def test_the_plain_step_is_its_formula() -> None:
    """tanh(W h + a) for every row."""
    random = torch.Generator().manual_seed(3)
    a, h, W = (torch.randn(shape, generator=random) for shape in ((3, 2, 4), (3, 2, 4), (3, 4, 4)))
    want = torch.stack([torch.tanh(a[s] + h[s] @ W[s].T) for s in range(3)])
    assert torch.allclose(recall.tanh_step(a, h, W), want, atol=1e-6)


def test_an_unknown_kind_is_refused() -> None:
    """The message names the kinds that there are."""
    with pytest.raises(ValueError, match="small, orthogonal, gru"):
        recall.Cells("lstm")


def test_training_moves_all_weights_and_leaves_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short run has a loss for each update, changes each parameter, and the same seed gives the same weights."""
    monkeypatch.setenv("SEQ2GRADE_PROFILE", "fast")
    threads = torch.get_num_threads()
    first = {name: value.detach().clone() for name, value in recall.Cells("orthogonal").named_parameters()}
    runs = [recall.train(recall.Cells("orthogonal"), 5) for _ in range(2)]
    assert torch.get_num_threads() == threads
    assert len(runs[0].validation_losses) == runs[0].updates == 15
    for name, value in runs[0].model.named_parameters():
        assert not torch.equal(value, first[name])
        assert torch.equal(value, dict(runs[1].model.named_parameters())[name])


def test_the_picture_has_a_line_per_kind_and_per_bound() -> None:
    """Means as lines, starts as dots; below, the bound of each kind that has one, and the level."""
    table = {"small": {5: [1.0, 0.8, 0.9], 10: [0.3, 0.2, 0.25]}, "gru": {5: [1.0] * 3, 10: [1.0] * 3}}
    picture = recall_pictures.recall_against_lag(table, {"small": lambda T: 0.8**T}, least=0.1, chance=0.25)
    above, below = picture.figure.axes
    assert next(list(line.get_ydata()) for line in above.lines) == pytest.approx([0.9, 0.25])
    assert len(above.lines) == 2 * 4 + 1
    assert len(below.lines) == 1 + 1
    assert picture.png().startswith(b"\x89PNG")


def test_cells_and_runs_may_be_of_other_sizes() -> None:
    """A state of another size, and as many updates as are asked for."""
    cells = recall.Cells("gru", lambda a, h, W: h, size=5)
    assert cells.W.shape == (recall.STARTS, 15, 5)
    assert recall.train(recall.Cells("small", size=5), 2, updates=3, batch=2).updates == 3
