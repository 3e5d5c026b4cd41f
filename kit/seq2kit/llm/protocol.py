"""OpenAI's protocol, as far as a server of one model needs it: what a request asks for, and what an answer looks like.

https://platform.openai.com/docs/api-reference/chat and /completions. What this server cannot do is refused in words,
never left out in silence.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from seq2kit.llm.model import Completion, Settings, messages_of

_CHAT_TOKENS, _TEXT_TOKENS = 256, 16  # new ones, where a request does not say; 16 is OpenAI's own
_ROLES = {"developer": "system"}  # newer names
# field -> the values that ask for nothing
_REFUSED: dict[str, tuple[Any, ...]] = {
    "n": (None, 1), "best_of": (None, 1), "logprobs": (None, False), "echo": (None, False), "suffix": (None, ""),
    "tools": (None, []), "functions": (None, []), "frequency_penalty": (None, 0), "presence_penalty": (None, 0),
    "logit_bias": (None, {}), "response_format": (None, {"type": "text"}), "top_logprobs": (None, 0),
}  # fmt: skip


class Refused(Exception):
    """A request that gets an error: the status and the body to answer with."""

    def __init__(self, status: HTTPStatus, message: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        kind = "server_error" if status >= 500 else "invalid_request_error"
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


@dataclass(frozen=True)
class Request:
    """What a client asks for. chat: messages, or a text to go on from; usage: whether a stream ends with the counts."""

    chat: bool
    model: str
    prompt: str | list[dict[str, str]]
    settings: Settings
    stream: bool
    usage: bool

    @staticmethod
    def parse(body: Any, chat: bool) -> Request:
        """Raises Refused."""
        if not isinstance(body, dict):
            raise _bad("The body should be a JSON object.")
        if not isinstance(body.get("model"), str) or not body["model"]:
            raise _bad("You must provide a model parameter.", "model")
        for name, nothing in _REFUSED.items():
            if body.get(name) not in nothing:
                raise _bad(f"This server does not know how to do {name}.", name)
        prompt = _messages(body.get("messages")) if chat else _text(body.get("prompt"))
        options = body.get("stream_options") or {}
        if not isinstance(options, dict):
            raise _bad("stream_options should be an object.", "stream_options")
        stream, usage = _flag(body, "stream"), _flag(options, "include_usage")
        return Request(chat, body["model"], prompt, _settings(body, chat), stream, usage)


def _settings(body: Mapping[str, Any], chat: bool) -> Settings:
    def told(*names: str, default: Any) -> Any:
        return next((body[name] for name in names if body.get(name) is not None), default)

    stop = told("stop", default=())
    try:
        return Settings(
            told("max_completion_tokens", "max_tokens", default=_CHAT_TOKENS if chat else _TEXT_TOKENS),
            told("temperature", default=1.0),
            told("top_p", default=1.0),
            told("top_k", default=None),
            told("seed", default=secrets.randbits(48)),
            (stop,) if isinstance(stop, str) else tuple(stop),
        )
    except (TypeError, ValueError) as error:
        raise _bad(str(error).replace("max_new_tokens", "max_tokens"), str(error).split()[0]) from None


def _messages(messages: Any) -> list[dict[str, str]]:
    if not isinstance(messages, list):
        raise _bad("messages should be a list of messages.", "messages")
    plain = [
        {"role": _ROLES.get(str(message.get("role")), message.get("role")), "content": _content(message.get("content"))}
        if isinstance(message, dict)
        else message
        for message in messages
    ]
    try:
        return messages_of(plain) or []
    except ValueError as error:
        raise _bad(str(error), "messages") from None


def _content(content: Any) -> Any:
    """A text, also where it comes in parts, as newer clients send it."""
    if not isinstance(content, list):
        return content
    parts = [part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None for part in content]
    if not all(isinstance(part, str) for part in parts):
        raise _bad("Only parts of type text can be read.", "messages")
    return "".join(str(part) for part in parts)


def _text(prompt: Any) -> str:
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise _bad("prompt should be a text, or a list of one.", "prompt")
    return prompt


def _flag(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if value not in (None, True, False):
        raise _bad(f"{name} should be true or false.", name)
    return bool(value)


def _bad(message: str, param: str | None = None) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, message, param)


@dataclass(frozen=True)
class Answers:
    """The bodies that answer one request, all with one id."""

    chat: bool
    model: str
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, done: Completion) -> dict[str, Any]:
        """The answer in one piece."""
        text: dict[str, Any] = {"text": done.text}
        if self.chat:
            text = {"message": {"role": "assistant", "content": done.text, "refusal": None}}
        choice = {"index": 0, **text, "logprobs": None, "finish_reason": done.finish}
        return {**self._head(""), "choices": [choice], "usage": usage(done)}

    def chunk(self, text: str, finish: Literal["stop", "length"] | None = None, first: bool = False) -> dict[str, Any]:
        """A part of a stream."""
        said: dict[str, Any] = {"text": text}
        if self.chat:
            said = {"delta": {**({"role": "assistant"} if first else {}), **({} if finish else {"content": text})}}
        choice = {"index": 0, **said, "logprobs": None, "finish_reason": finish}
        return {**self._head(".chunk"), "choices": [choice]}

    def counts(self, done: Completion) -> dict[str, Any]:
        """The last chunk of a stream, for who asked for it."""
        return {**self._head(".chunk"), "choices": [], "usage": usage(done)}

    def _head(self, chunk: str) -> dict[str, Any]:
        kind: Literal["chatcmpl", "cmpl"] = "chatcmpl" if self.chat else "cmpl"
        name = f"chat.completion{chunk}" if self.chat else "text_completion"
        return {"id": f"{kind}-{self.id}", "object": name, "created": self.created, "model": self.model}


def usage(done: Completion) -> dict[str, int]:
    """The counts of an answer, in tokens; 0 where the model does not tell."""
    asked, new = max(0, done.prompt_tokens), max(0, done.count)
    return {"prompt_tokens": asked, "completion_tokens": new, "total_tokens": asked + new}
