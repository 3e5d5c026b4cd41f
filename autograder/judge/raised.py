"""An exception of the student's code in words that help: what happened, in which line of theirs, and why, if certain.

The report comes from the student's process, and may be forged. So its texts only choose between sentences that stand
here, and names and lines are quoted from the submission. Values never are. Where the cause is a guess, nothing is said.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from autograder.errors import Feedback
from autograder.judge.arguments import given
from autograder.judge.faults import Fault
from autograder.judge.known import CUTS, known
from autograder.judge.named import named, thing
from autograder.judge.sources import STRONG, Binding, Facts, Place, is_builtin
from autograder.judge.stopped import stop
from autograder.judge.student import StudentRaised

NAMED = frozenset({
    "ArithmeticError", "AssertionError", "AttributeError", "EOFError", "FileNotFoundError", "FloatingPointError",
    "ImportError", "IndexError", "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError",
    "NameError", "NotImplementedError", "OSError", "OverflowError", "PermissionError", "RecursionError", "RuntimeError",
    "StopIteration", "SystemExit", "TimeoutError", "TypeError", "UnboundLocalError", "ValueError", "ZeroDivisionError",
})  # fmt: skip
_LINES_OF = {  # class -> what such a line must hold, and what is then certain, if Python's own part raised it there
    "KeyError": (r"\[", "what stands in brackets there is no key of the dictionary, or no label"),
    "StopIteration": (r"\bnext\(", "next() is asked of something that is at its end"),
}
_SIGNATURE = re.compile(r"(\w+)\(\) (?:takes|missing|got an unexpected|got multiple|got some positional)")
_NO_ATTRIBUTE = re.compile(r"(?:'(\w+)' object|module '[\w.]+') has no attribute '(\w+)'")
_NO_USE = re.compile(r"'(\w+)' object is not (callable|subscriptable|iterable)")
_KINDS = frozenset({"Tensor", "list", "tuple", "dict", "set", "float", "str", "bool", "function", "module", "type"})
_OF_MODULES = frozenset({
    "double", "float", "to", "train", "eval", "parameters", "named_parameters", "get_parameter", "state_dict",
    "load_state_dict", "requires_grad_", "get_submodule", "training",
})  # fmt: skip
_NO_ARGUMENT = re.compile(r"'torch\.dtype' object|axis \d+ is out of|interpreted as an integer")
_WORD = re.compile(r"[^\W\d]\w*")


def told(error: StudentRaised, facts: Facts | None = None) -> Feedback:
    """Message and hint for an exception of the student's code."""
    ours = _OURS.get(str(error.seen.get("ours", "")))
    if ours is not None:
        return Feedback(ours[0].format(thing(error.what)), ours[1], detail=str(error))
    facts = facts or Facts()
    lacking = _lacking(error)
    if lacking:
        return Feedback(lacking, detail=str(error))
    seen = error.seen
    place = facts.place(str(seen.get("cell", "")), str(seen.get("code", "")), seen.get("line"))
    subject = _subject(error.what, place)
    kind = error.kind if error.kind in NAMED else "an exception"
    where = _where(subject, error.what, place, facts)
    called = given(error.what, error.asked, facts)
    return Feedback(f"{subject} raised {kind}{where}.", _hint(error, place, facts), detail=str(error), given=called)


_OURS = {
    "weights": ("The parameters of {} have other names or shapes than the task gives.",
                "keep the names of layers and parameters, and their sizes, as they are described"),
    "no gradient": ("What {} gives carries no gradient.", CUTS),
    "no tensor": ("What {} gives is no tensor, so no gradient can flow back from it.", "keep tensors on the way"),
    "shape": ("What {} gives has another shape than it should.", ""),
}  # fmt: skip


NOTHING_RAN = "Python reads a whole cell before it runs any of it, so nothing of that cell ran"


def _unreadable(name: str, cell: int, fault: Fault, facts: Facts) -> str:
    """Which cell is no Python, where, and what Python says."""
    begin = facts.first_line(cell)
    own = re.match(rf"(?:def|class) {re.escape(name)}\b", begin)
    whole = f"{'its cell' if own else f'the cell that begins with `{begin}`'} is no valid Python"
    if not fault.said:
        return whole
    line = facts.line(cell, fault.line)
    return f"{whole}: line {fault.line}{f', `{line}`' if line else ''} ({fault.said})"


def missing(name: str, facts: Facts | None = None) -> Feedback:
    """Message and hint for a name that the notebook does not have in the end."""
    facts = facts or Facts()
    unread = None if facts.binds(name) else facts.unreadable(name)
    if unread:
        return Feedback(f"`{name}` is not defined: {_unreadable(name, *unread, facts)}.", NOTHING_RAN)
    message = f"`{name}` is not defined after the whole notebook has run."
    hint = _lost(name, facts)
    return Feedback(message, hint or "define it under exactly this name, outside any function")


def _subject(what: str, place: Place | None) -> str:
    name = named(what)
    if name == what and name:
        return f"`{name}`"
    if place is not None and place.owner:
        return place.owner
    return f"What `{name}` gives" if name else "Your code"


def _where(subject: str, what: str, place: Place | None, facts: Facts) -> str:
    if place is None:
        return ""
    holder = f"the file `{place.file}`" if place.file else "its cell"
    line = f"in line {place.line} of {holder}: `{place.text}`"
    if place.owner and (subject == place.owner or place.function == what):
        return f" {line}"
    if place.owner:
        return f" in {place.owner}, {line}"
    if place.file:
        return f" {line}"
    return f" in line {place.line} of the cell that begins with `{facts.first_line(place.cell)}`: `{place.text}`"


def _lacking(error: StudentRaised) -> str:
    """What an object of the notebook's lacks, if the check asked for it in vain and no code of the notebook did."""
    found, name = _NO_ATTRIBUTE.search(error.text), named(error.what)
    if error.kind != "AttributeError" or "last" in error.seen or not found or not name:
        return ""
    if found[2] in _OF_MODULES:
        return f"What `{name}` gives is no module: its class should be derived from nn.Module."
    asked = error.what.split("(...)")[-1].split(".")[1:]
    return f"What `{name}` gives has no attribute `{found[2]}`." if found[2] in asked else ""


def _hint(error: StudentRaised, place: Place | None, facts: Facts) -> str:
    """The cause, where there is no doubt."""
    text, kind = error.text, error.kind
    if kind == "SystemExit":
        return "a call of exit() or the like ends everything: use return"
    if place is not None and isinstance(place.statement, ast.Raise) and error.seen.get("last"):
        unwritten = kind == "NotImplementedError" and place.text.startswith("raise NotImplementedError")
        return "the answer is not written yet" if unwritten else "this `raise` is your own: what leads to it?"
    changed = _changed(text, place, facts) or _star(text, place, facts)
    if changed:
        return changed
    plain = known(text, own=bool(error.seen.get("last")))
    if plain:
        return plain
    if kind == "NameError":
        return _unknown(text, place, facts)
    if kind == "TypeError" and _is_refused(error, facts):
        return "it does not take the arguments that the task lists for it: keep their names and their number"
    if error.built_in == "ModuleNotFoundError":
        return "what it imports is not there where this is graded: a package, or a file that was not handed in with it"
    if error.built_in == "FileNotFoundError":
        return "a file that it asks for is not there where this is graded"
    if kind == "AssertionError":
        return "an assert of your own did not hold" if place and place.text.startswith("assert") else ""
    if kind == "AttributeError":
        return _attribute(text, place)
    use = _NO_USE.match(text)
    if use and use[1] == "NoneType" and place is not None:
        return "something there is None: a function without return, say"
    holds, hint = _LINES_OF.get(kind, ("", ""))
    sure = hint and error.seen.get("last") and place is not None and re.search(holds, place.text)
    return hint if sure else ""


def _is_refused(error: StudentRaised, facts: Facts) -> bool:
    """Whether Python refused the arguments of the very function that a check called: not of one further in."""
    what, found, name = error.what, _SIGNATURE.search(error.text), named(error.what)
    if found is None or not name or "last" in error.seen or not error.seen.get("type"):
        return False
    written = facts.definition(name)
    made, method = "(...)" in what, what.rpartition(").")[2] if ")." in what else ""
    own = {method or "forward"} if made else {"__init__"} if isinstance(written, ast.ClassDef) else {name}
    return found[1] in own | ({written.name} if isinstance(written, ast.FunctionDef) and not made else set())


def _attribute(text: str, place: Place | None) -> str:
    found = _NO_ATTRIBUTE.search(text)
    if found is None or place is None or f".{found[2]}" not in place.text:
        return ""
    if text.startswith("module "):
        return f"that module has no `{found[2]}`: is it spelt so?"
    if found[1] == "NoneType":
        return f"what `.{found[2]}` is asked of is None: a function without return, say"
    article = f"a {found[1]}" if found[1] in _KINDS else "an array" if found[1] == "ndarray" else ""
    return f"{article} has no `.{found[2]}`: tensor or array, list or tensor?" if article else ""


def _changed(text: str, place: Place | None, facts: Facts) -> str:
    """That a name in this line is another thing since a later cell, if that is why it cannot be used as it is."""
    if place is None or place.statement is None or place.file:
        return ""
    for name in _suspects(text, place):
        if name.split(".")[0] in place.local:
            continue
        bound = [b for b in facts.bindings if b.name == name]
        before = [b for b in bound if b.cell <= place.cell]
        later = [b for b in bound if b.cell > place.cell and b.how != "del"]
        was = before[-1].how if before else "builtin" if is_builtin(name) or "." in name else ""
        if later and was in (*STRONG, "builtin"):
            return f"`{name}` is overwritten further down, in the cell that begins with `{_begin(later[-1], facts)}`"
        clash = [b for b in before if b.how == "assign"]
        if is_builtin(name) and clash and clash[-1] is before[-1]:
            return f"`{name}` is overwritten in the cell that begins with `{_begin(clash[-1], facts)}`"
    return ""


def _star(text: str, place: Place | None, facts: Facts) -> str:
    """That a function of Python's which this line calls is another one since a star import."""
    if place is None or place.statement is None or place.file:
        return ""
    calls = [node for node in _own(place.statement) if isinstance(node, ast.Call)]
    by_itself = len(calls) == 1 and _NO_ARGUMENT.search(text)
    for name in sorted({node.func.id for node in calls if isinstance(node.func, ast.Name)} - place.local):
        certain = by_itself or re.search(rf"\b{name}\(\)|\bnp\.{name}\(", text)
        module = facts.star(name) if certain else ""
        if module:
            return f"`{name}` is no longer Python's own since `from {module} import *`"
    return ""


def _suspects(text: str, place: Place) -> Iterator[str]:
    """The names that this line uses in the very way that failed."""
    assert place.statement is not None
    use, attribute, signature = _NO_USE.search(text), _NO_ATTRIBUTE.search(text), _SIGNATURE.search(text)
    for node in _own(place.statement):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            called = ast.unparse(node.func)
            if use and use[2] == "callable" and called.count(".") < 2:
                yield called
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if signature and signature[1] == node.func.id:
                yield node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if attribute and attribute[2] == node.attr:
                yield node.value.id
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and use and use[2] == "subscriptable":
            yield node.value.id


def _own(statement: ast.AST) -> Iterator[ast.AST]:
    """The parts of a statement without the statements inside it."""
    waiting: list[Any] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def _unknown(text: str, place: Place | None, facts: Facts) -> str:
    found = re.match(r"(?:free variable|name) '([^\W\d]\w*)'", text)
    usual = "a name used inside is not defined once the whole notebook has run"
    if found is None or place is None or place.statement is None:
        return usual
    name = found[1]
    if not any(isinstance(node, ast.Name) and node.id == name for node in _own(place.statement)):
        return usual
    if place.file:
        return "a file knows what it imports and defines itself, and none of the notebook's names"
    return _lost(name, facts) or usual


def _lost(name: str, facts: Facts) -> str:
    """Why a name has no value when the notebook has run."""
    bound = [b for b in facts.bindings if b.name == name]
    unread = None if bound else facts.unreadable(name)
    if unread:
        return f"`{name}` has no value: {_unreadable(name, *unread, facts)}"
    made = [b for b in bound if b.how != "del"]
    if bound and bound[-1].how == "del":
        return f"`{name}` is deleted in the cell that begins with `{_begin(bound[-1], facts)}`"
    if not made:
        return f"`{name}` is defined nowhere in the notebook" if facts.cells and facts.all_seen else ""
    stopped = [b for b in made if facts.cells[b.cell].status != "ok"]
    if len(stopped) < len(made):
        return ""
    return f"the cell that defines `{name}`, it begins with {stop(stopped[-1].cell, facts)} before it got there"


def _begin(binding: Binding, facts: Facts) -> str:
    return facts.first_line(binding.cell)
