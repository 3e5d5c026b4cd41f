"""From logits to text: draws, stop texts, and the parts of a stream."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from seq2kit.llm.baselines import OwnModel
from seq2kit.llm.decoding import pick
from seq2kit.llm.model import Settings

SHARES = torch.tensor([0.1, 0.4, 0.2, 0.3])


def drawn(count: int, **settings: object) -> Counter[int]:
    """How often each token comes, over that many seeds. The same numbers in each run."""
    told = Settings(**settings)  # type: ignore[arg-type]
    return Counter(pick(SHARES.log(), told, torch.Generator().manual_seed(seed)) for seed in range(count))


def bytes_of(text: str) -> OwnModel:
    """A model that writes this text, a byte at a time, whatever it is asked."""
    data = text.encode()

    def logits(ids: torch.Tensor) -> torch.Tensor:
        place = ids.shape[1]
        table = torch.full((256,), -30.0)
        table[data[place] if place < len(data) else 0] = 30.0
        return table

    return OwnModel("bytes", logits, lambda text: list(text.encode()), _text, eos=0)


def _text(ids: object) -> str:
    return bytes(ids).decode("utf-8", "replace")  # type: ignore[call-overload,no-any-return]


def test_draws_follow_the_softmax() -> None:
    """At temperature 1 the shares are those of the softmax, within 4 standard errors; at 0.5 they are squared."""
    for temperature, want in ((1.0, SHARES), (0.5, SHARES**2 / (SHARES**2).sum())):
        found = drawn(2000, temperature=temperature)
        for token, share in enumerate(want.tolist()):
            assert abs(found[token] / 2000 - share) < 4 * (share * (1 - share) / 2000) ** 0.5


def test_temperature_zero_takes_the_first_of_the_likeliest() -> None:
    """Nothing is drawn at temperature 0."""
    assert pick(torch.tensor([1.0, 3.0, 3.0]), Settings(), torch.Generator()) == 1


def test_top_k_and_top_p_leave_the_likeliest() -> None:
    """top_k keeps so many tokens, top_p the fewest that together reach the share; one is left always."""
    assert set(drawn(300, temperature=1.0, top_k=2)) == {1, 3}
    assert set(drawn(300, temperature=1.0, top_p=0.69)) == {1, 3}
    assert set(drawn(300, temperature=1.0, top_p=0.75)) == {1, 2, 3}
    assert set(drawn(50, temperature=1.0, top_p=1e-9)) == {1}
    assert set(drawn(300, temperature=1.0, top_k=3, top_p=0.45)) == {1, 3}, "shares are those among the three"


def test_huge_logits_and_tiny_temperatures_stay_finite() -> None:
    """What would overflow is taken as certain."""
    settings = Settings(temperature=1e-6)
    assert pick(torch.tensor([1e4, -1e4, 9e3]), settings, torch.Generator().manual_seed(0)) == 0


def test_a_stop_text_is_cut_off_and_never_shown() -> None:
    """What is written before a stop text is all there is, in one piece and in parts; of two the earlier one counts."""
    model = bytes_of("one two three")
    assert model.generate("o", stop=["two"]).text == "ne "
    assert model.generate("o", stop=["three", " t"]).text == "ne"
    parts = [piece.text for piece in model.stream("o", Settings(stop=("two",)))]
    assert "".join(parts) == "ne "
    assert not any("t" in part for part in parts), "the start of a stop text is held back"


def test_the_start_of_a_stop_text_that_does_not_come_is_shown() -> None:
    """What is held back comes when it cannot become a stop text any more, and at the end."""
    model = bytes_of("a twig, tw")
    whole = model.generate("a", stop=["two"])
    assert (whole.text, whole.finish) == (" twig, tw", "stop")
    assert "".join(piece.text for piece in model.stream("a", Settings(stop=("two",)))) == whole.text


def test_a_stream_never_shows_half_a_character() -> None:
    """A character of several tokens comes whole; the parts together are the text."""
    model = bytes_of("né €5 😀!")
    parts = [piece.text for piece in model.stream("n", Settings())]
    assert "".join(parts) == "é €5 😀!"
    assert not any("\ufffd" in part for part in parts)
    assert len(parts) > 5


def test_bytes_that_are_no_text_are_shown_at_the_end() -> None:
    """A text that is cut off inside a character ends with the sign for it."""
    assert bytes_of("né").generate("n", max_new_tokens=1).text == "\ufffd"


def test_the_last_piece_has_everything() -> None:
    """Only the last piece of a stream has the completion, which counts the tokens of prompt and answer."""
    pieces = list(bytes_of("hello").stream("he", Settings(max_new_tokens=2)))
    assert [piece.whole is not None for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    whole = pieces[-1].whole
    assert whole is not None
    assert (whole.text, whole.tokens, whole.prompt_tokens, whole.finish) == ("ll", [108, 108], 2, "length")


@pytest.mark.parametrize("shape", [(256,), (1, 256), (1, 1, 256)])
def test_own_models_give_logits_in_any_usual_shape(shape: tuple[int, ...]) -> None:
    """(V,), (n, V) and (1, n, V): the last row counts."""

    def logits(ids: torch.Tensor) -> torch.Tensor:
        table = torch.zeros(shape)
        table[..., 65 + ids.shape[1]] = 9.0
        return table

    own = OwnModel("own", logits, lambda text: list(text.encode()), _text)
    assert own.generate("x", max_new_tokens=3).text == "BCD"


def test_messages_become_a_dialogue_for_a_model_without_a_template() -> None:
    """A model that was never taught to chat goes on from the dialogue as a text."""
    own = bytes_of("")
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi?"}]
    assert own.decode(own.prompt_ids(asked)) == "System: Be brief.\nUser: Hi?\nAssistant:"
