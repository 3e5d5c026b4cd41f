"""What right work recalls: three starts for each of four runs per seed, trained as the notebook trains them."""

from __future__ import annotations

import statistics
from typing import Any

from seq2kit.rnn import recall

from .checks import recalling

# Share of hidden episodes that cells recall at the lag that they were trained at, a mean over three starts. Guessing
# has 0.25; cells that were not trained have about that.
QUANTITIES = {
    "small_5": "at least",
    "orthogonal_10": "at least",
    "gru_50": "at least",
    "gru_100": "at least",
}


def measure(reference: dict[str, Any], seed: int) -> dict[str, float]:
    """Train the four runs with this seed."""
    found: dict[str, float] = {}
    for kind, lag in recalling.JUDGED:
        cells = reference["new_cells"](kind, seed)
        recall.train(cells, lag, seed)
        x, symbols = recalling.hidden(lag, 10_000 + seed)
        shares = recalling.shares(recalling.scores(kind, dict(cells.named_parameters()), x), symbols)
        found[f"{kind}_{lag}"] = statistics.fmean(shares)
    return found
