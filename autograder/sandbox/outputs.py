"""What a kernel says it printed: kept only where it has the form that a notebook gives to outputs."""

from __future__ import annotations

import json
from typing import Any


def clean(content: Any) -> Any:
    """The same JSON with text that any file can hold (no lone surrogates)."""
    return json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))


def is_output(kind: str, content: Any) -> bool:
    """Whether the content of a message of this type can stand in a notebook."""
    if not isinstance(content, dict):
        return False
    if kind == "stream":
        return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)
    if kind == "error":
        lines = content.get("traceback")
        named = all(isinstance(content.get(key), str) for key in ("ename", "evalue"))
        return named and isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    if kind == "clear_output":
        return True
    data, metadata, transient = (content.get(key) for key in ("data", "metadata", "transient"))
    if not isinstance(data, dict) or not isinstance(metadata, dict) or not isinstance(transient or {}, dict):
        return False
    identity = (transient or {}).get("display_id", "")
    counted = isinstance(content.get("execution_count", 0), int)
    return counted and isinstance(identity, str) and all(_is_bundled(*item) for item in data.items())


def _is_bundled(mime: str, value: Any) -> bool:
    """JSON types may hold any JSON, all others hold text."""
    return isinstance(value, str) or (mime.endswith("json") and isinstance(value, (dict, list)))
