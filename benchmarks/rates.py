"""What another learning rate gives for each kind of translator: `python -m benchmarks.rates`, about eight CPU minutes.

Trains the solution of decoder_only_nmt as its notebook does, at the rates beside the notebook's own, and writes
files/rates.json, which the notebook draws. No check reads it.
"""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from autograder.assignment import load_assignment
from autograder.reference import at_work, reference_namespace
from autograder.writing import replace_file

FOLDER = Path(__file__).resolve().parents[1] / "assignments" / "decoder_only_nmt"
FILE = FOLDER / "files" / "rates.json"
RATES = (3e-3, 2e-2)  # about as far below the notebook's rate as above it
Row = dict[str, Any]


def swept(space: dict[str, Any], seed: int) -> list[Row]:
    """A model of each kind at each of RATES, else as the notebook trains it with this seed: loss in nats per token and
    share of words all right, on the words that are kept back."""
    rows, recipe, pairs = [], space["recipe"], space["words"].validation
    for rate, kind in itertools.product(RATES, space["KINDS"]):
        space["recipe"] = replace(recipe, rate=rate)
        model = space["train"](kind, seed, space["build"](kind, seed)).model
        if kind == "encoder_decoder":
            got = space["measure_encoder_decoder"](model, pairs)
        else:
            got = space["measure"](model, pairs, prefix=kind == "prefix")
        rows.append(row(kind, rate, seed, got))
    space["recipe"] = recipe
    return rows


def known(space: dict[str, Any]) -> list[Row]:
    """The runs at the notebook's own rate, as they lie in handin/."""
    found = space["measured"]
    return [
        row(kind, space["recipe"].rate, seed, got)
        for kind in space["KINDS"]
        for seed, got in zip(space["SEEDS"], found[kind], strict=True)
    ]


def row(kind: str, rate: float, seed: int, got: dict[str, float]) -> Row:
    """One run, as it is kept."""
    return {"kind": kind, "rate": rate, "seed": seed, "loss": round(got["loss"], 5), "exact": round(got["exact"], 4)}


def text(rows: list[Row], seconds: float) -> str:
    """The file: a run a line."""
    head = json.dumps({"cpu_seconds": round(seconds), "torch": str(torch.__version__).split("+")[0]})
    lines = ",\n".join(f"  {json.dumps(one)}" for one in rows)
    return f'{head[:-1]}, "runs": [\n{lines}\n]}}\n'


def main() -> None:
    """Write the file anew, after each seed."""
    torch.set_num_threads(1)
    assignment = load_assignment(FOLDER)
    space = reference_namespace(assignment)
    rows = known(space)
    with at_work(assignment):
        for seed in space["SEEDS"]:
            rows += swept(space, seed)
            replace_file(FILE, text(rows, time.process_time()), 0o644)


if __name__ == "__main__":
    main()
