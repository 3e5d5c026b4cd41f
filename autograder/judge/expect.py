"""What checks expect. Each function raises Feedback that names the broken property, never the expected value.

What of a reply stands in a message is bounded by `said`: a message must not carry hidden inputs out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from autograder.errors import Feedback
from autograder.judge import said
from autograder.judge.drawing import mask_picture
from autograder.judge.given import kind_of as _kind_of
from autograder.judge.student import Handle, handle_of

handle = handle_of
Array = np.ndarray[Any, np.dtype[np.float64]]
_MOST_NUMBERS = 4_000_000  # in one result; far above what any task asks for, and 32 MB here
_NAMES = {"true": True, "false": False, "yes": True, "no": False, "t": True, "f": False}


def modest(count: float, most: float, *, what: str) -> None:
    """`count` is at most `most`. To be asked before anything is built, walked or called so many times: what a student
    hands in must not decide how much work the judge has."""
    if not count <= most:
        raise Feedback(
            f"{what.rstrip(',')} is far larger than the task needs.",
            "look at its length and its shape",
            f"{count} against {most}",
        )


def array(value: Any, *, what: str) -> Array:
    """`value` (scalar, nested list/tuple, array, tensor) as float64. Raises Feedback when not numeric."""
    if value is None or value is ...:
        raise Feedback(f"{what} is {value}.", "does the function return its result?")
    if isinstance(value, (str, bytes, dict, set, frozenset, Handle)):
        raise Feedback(f"{what} should be numbers, but is a {_kind(value)}.")
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    elif isinstance(value, (list, tuple)) and not all(type(v) in (int, float, bool) for v in value):
        value = [array(v, what=what) for v in value]
        if len({v.shape for v in value}) > 1:
            raise Feedback(f"{what} has rows of different lengths.")
    result = np.asarray(value)
    modest(result.size, _MOST_NUMBERS, what=what)
    if result.dtype.kind == "O" and all(type(v) in (int, float, bool) for v in result.flat):
        result = _beyond_64_bits(result, what)
    if result.dtype.kind not in "biuf":
        raise Feedback(f"{what} should hold real numbers, but holds {result.dtype}.")
    return result.astype(np.float64)


def _beyond_64_bits(values: np.ndarray[Any, Any], what: str) -> Array:
    try:
        return values.astype(np.float64)
    except OverflowError:
        raise Feedback(f"The numbers of {what.rstrip(',')} are too large to compute with.") from None


def _kind(value: Any) -> str:
    return value.remote.kind[:40] if isinstance(value, Handle) else _kind_of(value)


def _is_single(value: Any) -> bool:
    """Whether any part is of lower precision than float64."""
    if isinstance(value, (list, tuple)):
        return any(_is_single(v) for v in value)
    return str(getattr(value, "dtype", "")).endswith(("float32", "float16"))


def shape(got: Any, expected: tuple[int, ...], *, what: str, hint: str = "") -> None:
    """The shape is exactly `expected`."""
    actual = array(got, what=what).shape
    if actual != tuple(expected):
        raise _wrong_shape(actual, tuple(expected), what, hint)


def _wrong_shape(actual: tuple[int, ...], expected: tuple[int, ...], what: str, hint: str) -> Feedback:
    told = said.shape(actual, expected)
    return Feedback(f"Wrong shape of {what.rstrip(',')}: {told}; it should be {expected}.", hint, f"got {actual}")


def close(
    got: Any, want: Any, *, what: str, hint: str = "", rtol: float | None = None, atol: float | None = None
) -> None:
    """Same shape, finite, and equal up to tolerance, relative to the largest expected magnitude.

    Default tolerance 1e-9 for float64 and 1e-5 for float32 results. Raises ValueError when `want` is not finite
    or not numeric: then the check is broken, and nobody may pass or fail it.
    """
    mine, ours = array(got, what=what), _reference(want, what)
    if mine.shape != ours.shape:
        raise _wrong_shape(mine.shape, ours.shape, what, hint)
    finite(mine, what=what)
    tolerance = rtol if rtol is not None else (1e-5 if _is_single(got) or _is_single(want) else 1e-9)
    scale = float(np.abs(ours).max(initial=0.0))
    allowed = tolerance * scale + (atol if atol is not None else tolerance * min(1.0, scale or 1.0))
    with np.errstate(over="ignore"):
        error = np.abs(mine - ours)
    if error.size and not bool((error <= allowed).all()):
        share = float((error > allowed).mean())
        extent = "everywhere" if share == 1 else f"{said.share(share)} of the entries"
        detail = f"got {_brief(mine)} wanted {_brief(ours)} max error {error.max():.3g} allowed {allowed:.3g}"
        named = what.rstrip(",")  # of a description that goes on to a verb elsewhere
        words = f"Wrong value of {named}." if error.size == 1 else f"Wrong values of {named}: {extent}."
        raise Feedback(words, hint, detail)


def _reference(want: Any, what: str) -> Array:
    try:
        ours = array(want, what="it")
    except Feedback as error:
        raise ValueError(f"the reference for {what} is no array: {error}") from error
    if not np.isfinite(ours).all():
        raise ValueError(f"the reference for {what} is not finite")  # infinite tolerance, or none that anyone meets
    return ours


def finite(got: Any, *, what: str, hint: str = "", nan: str = "") -> None:
    """No NaN and no infinity. `nan`: a hint for where there is NaN, which has causes that infinity has not."""
    mine = array(got, what=what)
    if np.isfinite(mine).all():
        return
    kinds = [kind for kind, odd in (("NaN", np.isnan(mine)), ("infinity", np.isinf(mine))) if odd.any()]
    more = nan if "NaN" in kinds else ""
    raise Feedback(f"Not finite ({' and '.join(kinds)}): {what.rstrip(',')}.", hint or more)


def dtype(got: Any, like: Any, *, what: str, hint: str = "") -> None:
    """A tensor or array of the same floating type as `like`; lists and plain numbers carry no type and pass."""
    if isinstance(got, (list, tuple)):
        for part in got:
            dtype(part, like, what=what, hint=hint)
        return
    if not isinstance(got, (torch.Tensor, np.ndarray)):
        return
    mine, theirs = (str(v.dtype).removeprefix("torch.") for v in (got, like))
    if mine != theirs:
        raise Feedback(f"{what} comes back as {mine} for {theirs} inputs.", hint or "keep the dtype of the inputs")


def same(before: Any, after: Any, *, what: str, hint: str = "", rtol: float | None = None) -> None:
    """Two results of the student's that must agree with each other."""
    one, two = array(before, what=what), array(after, what=what)
    if one.shape != two.shape:
        raise Feedback(f"{what}: the two shapes should be the same.", hint, f"{one.shape} and {two.shape}")
    finite(one, what=what)
    finite(two, what=what)
    try:
        close(after, before, what=what, rtol=rtol)
    except Feedback as error:
        raise Feedback(f"{what} should not change, but did.", hint, error.detail) from None


def unharmed(before: Any, after: Any, *, what: str) -> None:
    """Arguments are bit for bit what they were before the call."""
    if not identical(before, after):
        raise Feedback(f"{what} changed during the call.", "work on a copy: the caller still needs the arguments")


def identical(a: Any, b: Any) -> bool:
    """Whether `b` is bit for bit what `a` is; never raises, whatever `b` is."""
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(identical(a[k], b[k]) for k in a)
    if isinstance(a, (torch.Tensor, np.ndarray)):
        if not isinstance(b, (torch.Tensor, np.ndarray)):
            return False
        x, y = (v.detach().numpy() if isinstance(v, torch.Tensor) else v for v in (a, b))
        return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()
    return not isinstance(b, (torch.Tensor, np.ndarray)) and bool(a == b)


def true(condition: bool, message: str, hint: str = "", detail: str = "") -> None:
    """`condition` holds; otherwise the student reads `message`."""
    if not condition:
        raise Feedback(message, hint, detail)


def numbers(
    value: Any, shape_: tuple[int, ...] | None = None, *, what: str, hint: str = "", most: float = 1e100
) -> Array:
    """`value` as finite float64 of this shape, none of it beyond `most`: safe to compute with, unlike `array`."""
    found = array(value, what=what)
    if shape_ is not None:
        shape(found, shape_, what=what, hint=hint)
    finite(found, what=what, hint=hint)
    if found.size and float(np.abs(found).max()) > most:
        raise Feedback(f"The numbers of {what.rstrip(',')} are too large to compute with.", hint)
    return found


def tensor(
    value: Any, shape_: tuple[int, ...] | None = None, *, what: str, hint: str = "", most: float = 1e100
) -> torch.Tensor:
    """As `numbers`, as a float64 tensor."""
    return torch.from_numpy(numbers(value, shape_, what=what, hint=hint, most=most))


def parts(value: Any, count: int, *, what: str, hint: str = "") -> list[Any]:
    """The things in a tuple or list of so many, to be taken apart."""
    if not isinstance(value, (list, tuple)) or len(value) != count:
        raise Feedback(f"{what} should be {count} things, in a tuple or list.", hint)
    return list(value)


def mapping(value: Any, keys: Iterable[str], *, what: str, hint: str = "") -> dict[Any, Any]:
    """A dict that has these keys at least."""
    asked = list(keys)
    if not isinstance(value, dict) or not all(key in value for key in asked):
        raise Feedback(f"{what} should be a dictionary with {', '.join(map(repr, asked)) or 'its keys'}.", hint)
    return value


def one_of(value: Any, words: Iterable[str], *, what: str, hint: str = "") -> str:
    """Text that is one of these words."""
    known = list(words)
    if not isinstance(value, str) or value not in known:
        raise Feedback(f"{what} should be one of {', '.join(map(repr, known))}.", hint)
    return value


def text(value: Any, *, what: str, hint: str = "") -> str:
    """A string."""
    if not isinstance(value, str):
        raise Feedback(f"{what} should be text, but is {'None' if value is None else 'a ' + _kind(value)}.", hint)
    return value


def at_most(value: Any, bound: float, *, what: str, hint: str = "", rtol: float = 1e-9) -> None:
    """Every entry is at most `bound` (up to rounding) and finite."""
    mine = array(value, what=what)
    finite(mine, what=what)
    if mine.size and float(mine.max()) > bound + rtol * abs(bound):
        raise Feedback(f"{what} is too large.", hint, f"got {_brief(mine)}, bound {bound}")


def mask(
    weights: Any, allowed: Any, *, what: str, hint: str = "", say: str = "the rule does not allow",
    rows: str = "query", columns: str = "key", present: bool = True, atol: float = 1e-6,
) -> None:  # fmt: skip
    """Attention weights (..., n_query, n_key) lie only where `allowed` (n_query, n_key) is true; with `present` there
    is some at every allowed place. The Feedback says which query and key break the rule, and shows it.

    `say` ends the sentence "query 2 attends to key 4, which ..."."""
    mine, rule = array(weights, what=what), np.asarray(allowed, dtype=bool)
    if mine.shape[-2:] != rule.shape or mine.ndim < 2:
        told = said.shape(mine.shape[-2:], rule.shape)
        raise Feedback(f"Wrong shape of {what}: {told}; its last two axes should be {rule.shape}.", hint)
    finite(mine, what=what, nan="a row in which nothing is allowed, or scores that overflow")
    modest(mine.size / max(1, rule.size), 10_000, what=what)
    for sheet in mine.reshape(-1, *rule.shape):
        forbidden = np.argwhere(~rule & (np.abs(sheet) > atol))
        missing = np.argwhere(rule & (sheet <= 0)) if present else forbidden[:0]
        offenders = [(int(i), int(j)) for i, j in (*forbidden, *missing)]
        if offenders:
            i, j = offenders[0]
            words = (
                f"attends to {columns} {j}, which {say}"
                if len(forbidden)
                else (f"gives no weight to {columns} {j}, which the rule allows")
            )
            picture = mask_picture(said.slip(rule, offenders, present), rule, offenders, rows, columns)
            told = f"In {what}, {rows} {i} {words}."
            raise Feedback(told, hint or f"{rows}s and {columns}s count from 0", f"{len(offenders)} cells", picture)


def number(value: Any, *, what: str) -> float:
    """A single finite number from a number, a 0-d or one-element tensor, or a numeric string."""
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            raise Feedback(f"{what} should be a number, but is text.") from None
    flat = array(value, what=what).reshape(-1)
    if flat.size != 1:
        raise Feedback(f"{what} should be a single number, but has {'several' if flat.size else 'no'} entries.")
    if not math.isfinite(float(flat[0])):
        raise Feedback(f"{what} is {'NaN' if math.isnan(float(flat[0])) else 'infinite'}.")
    return float(flat[0])


def boolean(value: Any, *, what: str) -> bool:
    """True or False from a bool, 0/1, a one-element array or tensor, or the words. Raises Feedback otherwise."""
    if isinstance(value, str) and value.strip().lower() in _NAMES:
        return _NAMES[value.strip().lower()]
    if isinstance(value, (bool, int, float, np.ndarray, torch.Tensor)):
        flat = array(value, what=what).reshape(-1)
        if flat.size == 1 and flat[0] in (0.0, 1.0):
            return bool(flat[0])
    empty = ", but is None" if value is None else ", but is ..." if value is ... else ""
    raise Feedback(f"{what} should be True or False{empty}.")


def letters(value: Any, *, offered: str, what: str) -> frozenset[str]:
    """Choices as a set of lower-case letters, from a string, list, tuple or set; case, spaces, commas and
    brackets do not matter. Raises Feedback for nothing chosen or a letter that is not offered."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple, set, frozenset)) or not all(isinstance(p, str) for p in parts):
        raise Feedback(f"{what} should be letters, such as 'ac' or {{'a', 'c'}}.")
    found = {c for part in parts for c in part.lower() if not c.isspace() and c not in ",;.()[]{}'\"+&"}
    if not found:
        raise Feedback(f"{what} is empty: choose at least one letter.")
    if not found <= set(offered.lower()):
        raise Feedback(f"{what} holds something that is not one of the offered letters {', '.join(offered)}.")
    return frozenset(found)


def pairs(value: Any, *, what: str) -> frozenset[tuple[str, str]]:
    """A collection of (parent, child) strings as a set; spaces around names do not matter."""
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise Feedback(f"{what} should be a set of pairs of names, but is a {_kind(value)}.")
    modest(len(value), 100_000, what=what)
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(p, str) for p in pair):
            raise Feedback(f"{what} should hold pairs (parent, child) of strings.")
    return frozenset((a.strip(), b.strip()) for a, b in value)


def _brief(values: Array) -> str:
    return np.array2string(values.reshape(-1)[:8], precision=6) + ("…" if values.size > 8 else "")
