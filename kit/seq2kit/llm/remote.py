"""A language model behind an address that speaks OpenAI's protocol: the kit's own server, llama.cpp, vLLM, ..."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from seq2kit.llm.model import Completion, ModelError, Prompt, Settings, TooLong, messages_of, texts

_SECONDS = 600.0
_MOST = 1 << 26  # bytes of an answer


class RemoteModel:
    """One of the models of a server. OPENAI_API_KEY, where it is set, is sent along."""

    def __init__(self, address: str, name: str = "", seconds: float = _SECONDS) -> None:
        """address: as "http://127.0.0.1:8000/v1"; name: of the model there, else the first that the server tells.
        seconds: how long an answer may take. Raises ModelError where nobody answers, and ValueError for another kind
        of address."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a server's address looks like http://127.0.0.1:8000/v1, not {address!r}")
        self.address = address.rstrip("/") + ("" if parts.path.strip("/") else "/v1")
        self._parts, self._seconds = urlsplit(self.address), seconds
        self._name = name or self._first()

    @property
    def name(self) -> str:
        """What the server calls the model."""
        return self._name

    def generate(
        self, prompt: Prompt, *, max_new_tokens: int = 64, temperature: float = 0.0, top_p: float = 1.0,
        top_k: int | None = None, seed: int = 0, stop: Sequence[str] = (),
    ) -> Completion:  # fmt: skip
        """Ask the server; see LanguageModel. A text goes to /completions, messages to /chat/completions."""
        settings = Settings(max_new_tokens, temperature, top_p, top_k, seed, texts(stop))
        messages = messages_of(prompt)
        body: dict[str, Any] = {
            "model": self.name, "max_tokens": settings.max_new_tokens, "temperature": settings.temperature,
            "top_p": settings.top_p, "seed": settings.seed,
        }  # fmt: skip
        body |= {"stop": list(settings.stop)} if settings.stop else {}
        body |= (
            {"top_k": settings.top_k} if settings.top_k is not None else {}
        )  # not OpenAI's, but many servers know it
        if messages is None:
            told = self._ask("POST", "/completions", {**body, "prompt": prompt})
        else:
            told = self._ask("POST", "/chat/completions", {**body, "messages": messages})
        return self._completion(told, chat=messages is not None)

    def _completion(self, told: Mapping[str, Any], chat: bool) -> Completion:
        try:
            choice = told["choices"][0]
            text = choice["message"]["content"] if chat else choice["text"]
            usage = told.get("usage") or {}
            counts = int(usage.get("completion_tokens", -1)), int(usage.get("prompt_tokens", -1))
        except (KeyError, IndexError, TypeError, AttributeError, ValueError):
            raise self._odd() from None
        if not isinstance(text or "", str):
            raise self._odd()
        return Completion(
            text or "", *counts, "length" if choice.get("finish_reason") == "length" else "stop", self.name
        )

    def _first(self) -> str:
        told = self._ask("GET", "/models", None)
        try:
            return str(told["data"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise ModelError(f"{self.address} names no model: say which one, as load(address, name=...).") from None

    def _odd(self) -> ModelError:
        return ModelError(f"{self.address} answers, but not as OpenAI's protocol has it.")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
        headers = {"Accept": "application/json", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key := os.environ.get("OPENAI_API_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        # A connection of our own, so that no proxy of the machine stands between us and the loopback.
        connection = kind(str(self._parts.hostname), self._parts.port, timeout=self._seconds)
        try:
            connection.request(method, self._parts.path + path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            status, data = answer.status, answer.read(_MOST)
        except TimeoutError:
            raise ModelError(f"{self.address} did not answer within {self._seconds:.0f} s.") from None
        except (OSError, http.client.HTTPException) as error:
            raise ModelError(f"No server answers at {self.address} ({error}). Is it running?") from None
        finally:
            connection.close()
        return self._told(status, data)

    def _told(self, status: int, data: bytes) -> Mapping[str, Any]:
        try:
            told: Any = json.loads(data)
        except (ValueError, RecursionError):
            told = None
        table: dict[str, Any] = told if isinstance(told, dict) else {}
        if status == 200 and not table:
            raise self._odd()
        if status == 200:
            return table
        error = table.get("error")
        why = error.get("message") if isinstance(error, dict) else error
        code = error.get("code") if isinstance(error, dict) else None
        sentence = f"{self.address} refused (status {status}): {why or 'it does not say why'}"
        if status == 400 and code == "context_length_exceeded":
            raise TooLong(sentence)
        if status in (401, 403):
            sentence += " Set OPENAI_API_KEY to the key of this server."
        raise ModelError(sentence)
