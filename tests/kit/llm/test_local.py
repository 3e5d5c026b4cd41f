"""Models in this process: what they write, and what can be asked of them."""

from __future__ import annotations

import pytest
import torch
from seq2kit.llm import LocalModel, TooLong

PROMPT = "User: What is 12 + 13?\nAssistant:"
ASKED = [{"role": "user", "content": "What is 12 + 13?"}]


def test_text_depends_on_prompt_settings_and_seed_alone(model: LocalModel) -> None:
    """The same is written whatever was asked before, of `generate` or of `logits`; another seed writes otherwise."""
    drawn = [model.generate(ASKED, max_new_tokens=8, temperature=6.0, seed=seed) for seed in range(3)]
    model.logits(model.encode(PROMPT))
    model.generate(PROMPT, max_new_tokens=2)
    assert model.generate(ASKED, max_new_tokens=8, temperature=6.0, seed=1) == drawn[1]
    assert len({one.text for one in drawn}) == 3


def test_greedy_is_the_likeliest_token_each_time(model: LocalModel) -> None:
    """At temperature 0 a loop of argmax over `logits` writes what `generate` writes."""
    whole = model.generate(PROMPT, max_new_tokens=6)
    ids = torch.tensor(model.encode(PROMPT))
    for _ in range(6):
        token = model.logits(ids).argmax()
        if token == model.eos:
            break
        ids = torch.cat([ids, token[None]])
    assert isinstance(whole.tokens, list)
    assert ids[whole.prompt_tokens :].tolist() == whole.tokens
    assert model.decode(whole.tokens) == whole.text


def test_logits_are_those_of_the_whole_text(model: LocalModel) -> None:
    """Going on token by token gives the logits that reading everything at once gives: (V,), without a gradient."""
    ids = model.encode(PROMPT)
    with torch.no_grad():
        want = model.model(torch.tensor([ids])).logits[0]
    for n in range(len(ids) - 3, len(ids) + 1):
        got = model.logits(torch.tensor([ids[:n]]))
        assert got.shape == (model.vocabulary,)
        assert not got.requires_grad
        torch.testing.assert_close(got, want[n - 1], rtol=0, atol=2e-3)


def test_logits_are_ones_own(small: LocalModel) -> None:
    """What a caller does to logits in place changes nothing for the next one."""
    ids = torch.tensor(small.encode(PROMPT))
    first = small.logits(ids)
    kept = first.clone()
    first.zero_()
    assert torch.equal(small.logits(ids), kept)


@pytest.mark.parametrize("ids", [[], [[1, 2], [3, 4]], [0.5], [-1], [10**6]])
def test_what_are_no_tokens_is_refused(small: LocalModel, ids: list[object]) -> None:
    """No token, two texts at once, fractions, and numbers outside of the vocabulary."""
    with pytest.raises(ValueError, match=r"ids are whole numbers|tokens are numbered"):
        small.logits(torch.tensor(ids))


def test_what_is_too_long_is_refused(small: LocalModel) -> None:
    """A prompt that does not fit with what is asked for is refused before anything is written."""
    with pytest.raises(TooLong, match=r"reads 512 tokens; the prompt has 600, and 1 more"):
        small.generate("a" * 600, max_new_tokens=1)
    with pytest.raises(TooLong, match="reads 512 tokens, got 600"):
        small.logits(torch.zeros(600, dtype=torch.long))


def test_messages_go_through_the_chat_template(model: LocalModel) -> None:
    """Messages are read as the model was taught to be asked; a text is read as it is."""
    told = model.decode(model.prompt_ids(ASKED))
    assert "What is 12 + 13?" in told
    assert model.prompt_ids(ASKED) != model.prompt_ids("What is 12 + 13?")
    assert model.decode(model.prompt_ids("What is 12 + 13?")) == "What is 12 + 13?"


def test_it_goes_on_from_nothing(small: LocalModel) -> None:
    """An empty text is a prompt, too."""
    assert small.generate("", max_new_tokens=3, temperature=1.0, seed=4).count <= 3


def test_length_and_end_are_told_apart(small: LocalModel) -> None:
    """A model that ends by itself has finished by "stop", one that is cut off by "length"."""
    ended = small.generate([{"role": "user", "content": "What is the last letter of bird?"}], max_new_tokens=20)
    assert ended.finish == "stop"
    assert ended.count < 20
    cut = small.generate([{"role": "user", "content": "Say bird twice."}], max_new_tokens=3)
    assert (cut.finish, cut.count) == ("length", 3)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"max_new_tokens": 0}, "max_new_tokens"),
        ({"max_new_tokens": 2.0}, "max_new_tokens"),
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_p": 0.0}, "top_p"),
        ({"top_p": 1.1}, "top_p"),
        ({"top_k": 0}, "top_k"),
        ({"seed": 1.5}, "seed"),
        ({"stop": [""]}, "stop"),
    ],
)
def test_settings_that_mean_nothing_are_refused(small: LocalModel, settings: dict[str, object], named: str) -> None:
    """The message names the setting and what it should be."""
    with pytest.raises(ValueError, match=f"^{named} should be"):
        small.generate("a", **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "prompt", [[], [{"role": "user"}], [{"role": "dog", "content": "a"}], [{"role": "user", "content": 3}], 7, ["a"]]
)
def test_what_is_no_prompt_is_refused(small: LocalModel, prompt: object) -> None:
    """Messages have a role that is known and a text; anything else is no prompt."""
    with pytest.raises(ValueError, match=r"a prompt is|a message has"):
        small.generate(prompt)  # type: ignore[arg-type]
