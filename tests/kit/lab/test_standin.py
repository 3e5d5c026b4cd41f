"""Stand-ins for models: their answers are known, and what they were asked is kept."""

from __future__ import annotations

import pytest
import torch
from seq2kit.lab.standin import Debater, LetterModel, Opinions, Recited, Script


def test_a_letter_model_reads_the_last_and_the_first_token() -> None:
    """Logits are the row of the last token plus that of the first; shapes (n,) and (1, n) are the same text."""
    after, first = torch.randn(5, 5, dtype=torch.float64), torch.randn(5, 5, dtype=torch.float64)
    model = LetterModel(after, first)
    ids = torch.tensor(model.encode("bca"))
    assert torch.equal(model.logits(ids), after[0] + first[1])
    assert torch.equal(model.logits(ids[None]), model.logits(ids))
    assert model.asked == [[1, 2, 0]] * 3
    assert model.recorded == [True] * 3
    assert model.decode([3, 4]) == "d."


@pytest.mark.parametrize(
    "ids", [torch.tensor([0.5]), torch.zeros(2, 2, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)]
)
def test_a_letter_model_refuses_what_is_no_text(ids: torch.Tensor) -> None:
    """Numbers that are not whole, two texts at once, and no token at all."""
    with pytest.raises(ValueError, match="whole numbers of shape"):
        LetterModel(torch.zeros(3, 3)).logits(ids)


def test_a_script_answers_by_side_and_repeats_its_end() -> None:
    """Prompts that speak against something get the second list; the last reply comes again and again."""
    script = Script(["a", "b"], ["x"])
    assert [script("for bees", T=0.1, seed=k) for k in range(3)] == ["a", "b", "b"]
    assert script("AGAINST bees") == "x"
    assert script.log[1:] == [("for bees", 0.1, 1), ("for bees", 0.1, 2), ("AGAINST bees", 1.0, 0)]


def test_what_was_told_is_said() -> None:
    """Texts by prompt, opinions by pair, debates by topic, temperature and seed; and what nobody told them."""
    recited = Recited("r", {"p": "one two"}, "else")
    assert recited.generate("p", seed=3).text == "one two"
    assert recited.generate([{"role": "user", "content": "p"}]).text == "else"
    assert recited.log[0] == ("p", {"seed": 3})
    opinion = Opinions([("a", "b", 0.2, 0.3, 0.5)])
    assert opinion("a", "b") == (0.2, 0.3, 0.5)
    assert opinion("b", "a") == (0.0, 1.0, 0.0)
    debater = Debater([("bees", 0.5, 1, ["x"], [])])
    assert debater("bees", 0.5, 1) == {"pro": ["x"], "con": []}
    assert debater("bees", 0.5, 2) == {"pro": [], "con": []}
