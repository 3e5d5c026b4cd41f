"""What the lab puts to its models."""

from __future__ import annotations

from seq2kit.lab.debates import debater
from seq2kit.lab.standin import Script


def test_a_debater_holds_the_debate_it_was_given() -> None:
    """Topic, temperature and seed arrive in the debate, beside the model that speaks."""
    told = Script(["Cheap."], ["Loud."])

    def debate(generate: Script, topic: str, T: float, first_seed: int) -> dict[str, list[str]]:
        return {side: [generate(f"{side} {topic}", T=T, seed=first_seed)] for side in ("for", "against")}

    assert debater(debate, told)("bees", 0.4, 7) == {"for": ["Cheap."], "against": ["Loud."]}
    assert told.log == [("for bees", 0.4, 7), ("against bees", 0.4, 7)]
