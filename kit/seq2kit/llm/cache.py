"""Completions that are kept in a file, one JSON object a line: asked once, read from then on, and handed in."""

from __future__ import annotations

import json
import os
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from seq2kit.llm.model import Completion, LanguageModel, Prompt, Settings, messages_of, texts
from seq2kit.llm.sources import SMALL, SMOLLM2, load


@dataclass(frozen=True)
class Entry:
    """A line of the file: what was asked, how, and what came."""

    prompt: str | list[dict[str, str]]
    settings: Settings
    completion: Completion

    @property
    def key(self) -> str:
        """The same for the same model, prompt, settings and seed."""
        return _key(self.completion.model, self.prompt, self.settings)

    def line(self) -> str:
        """As it stands in the file."""
        told = {"prompt": self.prompt, "settings": self.settings.told(), **asdict(self.completion)}
        return json.dumps(told, ensure_ascii=True, sort_keys=True)

    @staticmethod
    def parse(line: str) -> Entry:
        """Raises ValueError for a line that is none."""
        try:
            told = json.loads(line)
            prompt, settings = told.pop("prompt"), told.pop("settings")
            messages = messages_of(prompt)
            entry = Entry(
                prompt if messages is None else messages,
                Settings(**{**settings, "stop": texts(settings["stop"])}),
                Completion(**told),
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"it is no completion ({type(error).__name__})") from error
        _check(entry.completion)
        return entry


def read(path: Path | str) -> tuple[list[Entry], list[str]]:
    """The entries of a file, in its order, and a sentence for each line that is none. A file that is not there is
    empty."""
    entries: list[Entry] = []
    damaged: list[str] = []
    place = Path(path)
    lines = place.read_bytes().split(b"\n") if place.is_file() else []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                entries.append(Entry.parse(line.decode("utf-8")))
            except ValueError as error:
                damaged.append(f"{place.name}, line {number}: {error}")
    return entries, damaged


class Cached:
    """A LanguageModel whose completions are read from a file where it has them, and written to it where not.

    Lines that cannot be read are warned of, kept as they are, and listed in `damaged`."""

    def __init__(self, model: LanguageModel | str, path: Path | str) -> None:
        """model: a model, or what `load` opens; "smollm2" and "small" are opened when they are first needed, so that a
        full file does without them."""
        self._source = model if isinstance(model, str) and model in (SMOLLM2, SMALL) else ""
        self._model = None if self._source else load(model) if isinstance(model, str) else model
        self.path = Path(path)
        entries, self.damaged = read(self.path)
        if self.damaged:
            warnings.warn(f"left out: {'; '.join(self.damaged[:5])}", stacklevel=2)
        self._known: dict[str, Completion] = {}
        for entry in entries:
            self._known.setdefault(entry.key, entry.completion)
        self.asked = 0  # of the model itself, since it was opened
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """That of the model."""
        return self._source or self._opened().name

    def generate(
        self, prompt: Prompt, *, max_new_tokens: int = 64, temperature: float = 0.0, top_p: float = 1.0,
        top_k: int | None = None, seed: int = 0, stop: Sequence[str] = (),
    ) -> Completion:  # fmt: skip
        """From the file, or from the model; see LanguageModel."""
        settings = Settings(max_new_tokens, temperature, top_p, top_k, seed, texts(stop))
        messages = messages_of(prompt)
        asked = str(prompt) if messages is None else messages
        key = _key(self.name, asked, settings)
        with self._lock:
            if key not in self._known:
                fresh = self._opened().generate(asked, **{**settings.told(), "stop": settings.stop})
                fresh = replace(fresh, model=self.name)  # what it is found by
                self.asked += 1
                self._add(Entry(asked, settings, fresh))
                self._known[key] = fresh
            return self._known[key]

    def _opened(self) -> LanguageModel:
        if self._model is None:
            self._model = load(self._source)
        return self._model

    def _add(self, entry: Entry) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as stream:
            size = stream.seek(0, os.SEEK_END)
            torn = size > 0 and (stream.seek(size - 1), stream.read(1))[1] != b"\n"
            # One write to the end of the file: two processes with one file do not mix their lines.
            stream.write(b"\n" * torn + entry.line().encode() + b"\n")


def _key(model: str, prompt: str | list[dict[str, str]], settings: Settings) -> str:
    return json.dumps([model, prompt, _plain(settings.told())], sort_keys=True)


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """1 and 1.0 are one temperature."""
    return {**settings, "temperature": float(settings["temperature"]), "top_p": float(settings["top_p"])}


def _check(found: Completion) -> None:
    tokens = found.tokens if isinstance(found.tokens, list) else [found.tokens]
    whole = all(isinstance(number, int) for number in [*tokens, found.prompt_tokens])
    texts_ = isinstance(found.text, str) and isinstance(found.model, str) and found.finish in ("stop", "length")
    if not (whole and texts_):
        raise ValueError("it is no completion")
