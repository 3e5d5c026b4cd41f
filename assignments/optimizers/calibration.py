"""What constant rates reach in the race: the bars are about the baseline, not about those who beat it."""

from __future__ import annotations

from typing import Any

from .checks import race

# "nearby": the worse of the rates 0.05 and 0.07 against the baseline's 0.06; who is no worse than that has matched it.
# "luckiest": the best of five rates, chosen by its result on the very problems of the seed. Its lower limit is what
# tuning and luck together reach once in a thousand; who is below has beaten the baseline by something else.
QUANTITIES = {"constant rate nearby": "at most", "luckiest constant rate": "at least"}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Run the constant rates on the problems of this seed. The reference takes no part."""
    return race.constant_rates(7_000 + seed)
