"""Trained weights on disk: safetensors, with what is known about the run as JSON in the header. No pickle.

A notebook trains what is not there and loads what is. What lies in the folder is handed in beside the notebook,
so nobody trains it a second time.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from seq2kit.origins import stamp
from seq2kit.profiles import profile
from seq2kit.training import Run

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FACTS = "seq2kit"
_PLACE: ContextVar[str] = ContextVar("place", default="")
_STAMP = "seq2kit.stamp"  # among the facts: with a second key in the header, its order would be left to chance


class NotTrained(RuntimeError):
    """A checkpoint is needed and is not there; the message says what to do."""


def folder() -> Path:
    """`checkpoints` beside the notebook (`checkpoints-fast` in the fast profile), or below $SEQ2GRADE_HANDIN; another
    one inside `kept_in`."""
    base = Path(os.environ.get("SEQ2GRADE_HANDIN") or ".")
    return base / (_PLACE.get() or ("checkpoints-fast" if profile() == "fast" else "checkpoints"))


@contextmanager
def kept_in(name: str) -> Iterator[None]:
    """Inside, checkpoints lie in the folder of this name: what is not to be handed in."""
    before = _PLACE.set(name)
    try:
        yield
    finally:
        _PLACE.reset(before)


def may_train() -> bool:
    """False where a submission is graded: there the checkpoints that were handed in count."""
    return os.environ.get("SEQ2GRADE_GRADING", "") != "load"


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a checkpoint is named with letters, digits, '.', '_' and '-', not {name!r}")
    return folder() / f"{name}.safetensors"


def exists(name: str) -> bool:
    """Whether a checkpoint of this name is there."""
    return _path(name).is_file()


def save(name: str, tensors: Mapping[str, Tensor], facts: Mapping[str, Any] | None = None) -> Path:
    """Write a checkpoint, whole or not at all, and return where it lies.

    tensors: name -> tensor, as from `model.state_dict()`. facts: what JSON can hold (losses, seed, seconds).
    """
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    # clone: tied weights share memory, which the format refuses
    plain = {key: value.detach().to("cpu").contiguous().clone() for key, value in tensors.items()}
    try:
        save_file(plain, fresh, metadata={_FACTS: json.dumps({**(facts or {}), _STAMP: stamp()})})
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def load(name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """(tensors, facts) of a checkpoint. Raises NotTrained when it is missing or no such file."""
    path = _path(name)
    if not path.is_file():
        raise NotTrained(_missing(name))
    try:
        with safe_open(path, framework="pt") as file:
            facts = _facts(file)
            facts.pop(_STAMP, None)
            return {key: file.get_tensor(key) for key in file.keys()}, facts  # noqa: SIM118 - no mapping
    except (SafetensorError, ValueError) as error:
        raise NotTrained(f"{path} cannot be read ({error}): delete it and train again.") from error


def stamped(path: Path) -> dict[str, Any]:
    """What the file of a checkpoint says about the code that made it (see seq2kit.origins); {} where it says nothing.

    Raises ValueError when it is no file of weights."""
    try:
        with safe_open(path, framework="pt") as file:
            found = _facts(file).get(_STAMP)
    except (SafetensorError, ValueError, RecursionError) as error:
        raise ValueError(f"{path.name} holds no weights: delete it and train again") from error
    return found if isinstance(found, dict) else {}


def _facts(file: Any) -> dict[str, Any]:
    facts = json.loads((file.metadata() or {}).get(_FACTS, "{}"))
    if not isinstance(facts, dict):
        raise ValueError("its facts are no table")
    return facts


def train_or_load(name: str, model: torch.nn.Module, train: Callable[[torch.nn.Module], Run]) -> Run:
    """The run called `name`: loaded into `model` when its checkpoint is there, else trained now and saved.

    model: freshly built; `train(model)` returns its Run, and a line about it is printed. Raises NotTrained when it is
    missing and nothing may be trained here, and ValueError when it does not fit the model.
    """
    if exists(name):
        tensors, facts = load(name)
        try:
            fill(model, tensors)
        except RuntimeError as error:
            raise ValueError(f"the checkpoint {name} belongs to another model: delete it and train again") from error
        model.eval()
        return Run.from_facts(model, facts)
    if not may_train():
        raise NotTrained(_missing(name))
    run = train(model)
    path = save(name, model.state_dict(), run.facts())
    print(f"{name}: {run.best_loss:.3f} nats on validation, {run.seconds:.0f} s; kept as {path}")
    return run


def fill(model: torch.nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Put trained weights into a model: each parameter, and no number that it has no place for. Buffers, such as a mask
    that the model makes itself, may be missing; one that is too much is left out unless it could be a parameter.

    Raises RuntimeError when they are of another model."""
    found = model.load_state_dict(dict(tensors), strict=False)
    absent = {name for name, _ in model.named_parameters()}.intersection(found.missing_keys)
    unknown = [name for name in found.unexpected_keys if tensors[name].is_floating_point()]
    if absent or unknown:
        raise RuntimeError(f"parameters without a counterpart: {', '.join(sorted(absent) + unknown)}")


def _missing(name: str) -> str:
    return (
        f"There is no trained model {folder().name}/{name}.safetensors. Run the notebook on your own machine until "
        f"it is trained, and hand in the folder {folder().name}/ together with the notebook."
    )
