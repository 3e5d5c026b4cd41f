"""Watching what an answer does from inside its process: which updates happen, with which optimizer, on which windows.

PyTorch itself reports each step of an optimizer, and a name of the notebook can be lent to something that takes notes.
So nothing depends on how an answer is written or on how fast it runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from autograder.judge import Feedback, Handle, Student, expect

from . import shared


def imported(student: Student, name: str) -> Handle:
    """A module of Python's library, or of PyTorch, in the student's process."""
    found: Handle = shared.module(shared.torch_part(student, "importlib").method("import_module", name), name)
    return found


def stand_in(student: Student, **settings: Any) -> Handle:
    """Something that can be called with anything, and remembers what it was called with."""
    made: Handle = shared.module(imported(student, "unittest.mock").method("Mock", **settings), "a stand-in")
    return made


@contextlib.contextmanager
def lent(student: Student, function: str, **names: Handle) -> Iterator[None]:
    """While this lasts, `function` finds these objects under these names of the notebook."""
    if not names:
        yield
        return
    before = {name: student.value(name) for name in names}

    def put(objects: dict[str, Any]) -> None:
        student.ask({"op": "call", "target": [function, "__globals__", "update"], "args": [objects]}, function)

    put(dict(names))
    try:
        yield
    finally:
        put(before)


@contextlib.contextmanager
def updates(student: Student) -> Iterator[Handle]:
    """A stand-in that PyTorch calls after each step of any of its optimizers."""
    seen = stand_in(student, return_value=None)
    hook = imported(student, "torch.optim.optimizer").made("register_optimizer_step_post_hook", seen)
    try:
        yield seen
    finally:
        hook.method("remove")


def forgets(student: Student, seen: Handle) -> bool:
    """Whether optimizers that keep a memory, as Adam does, lose it from each update to the next: made anew, or emptied.

    Plain gradient descent has nothing to lose, and what PyTorch did not see is not judged."""
    calls = seen.call_args_list
    calls = calls if isinstance(calls, (list, tuple)) else [None]
    found = [call[0][0] if _has_argument(call) else None for call in calls]
    used = [one for one in found if isinstance(one, Handle)]
    expect.true(len(used) == len(found), "The updates of training cannot be watched.")
    if len(used) < 4:
        return False
    memory = student.ask({"op": "call", "target": [*used[-1].path, "state", "values"], "args": []}, "the optimizer")
    memory = memory if isinstance(memory, (list, tuple)) else []
    kept = {name: value for entry in memory if isinstance(entry, dict) for name, value in entry.items()}
    if all(value is None for value in kept.values()):
        return False
    builtins = imported(student, "builtins")
    target = [*builtins.path, "dict", "fromkeys"]
    different = student.ask({"op": "call", "target": target, "args": [[one.remote for one in used]]}, "the optimizers")
    anew = isinstance(different, dict) and len(different) > len(used) / 2
    return anew or ("step" in kept and expect.number(kept["step"], what="the count of an optimizer") <= 1)


def _has_argument(call: Any) -> bool:
    """Whether a remembered call has a first argument, as each step of an optimizer does."""
    return isinstance(call, (list, tuple)) and bool(call) and isinstance(call[0], (list, tuple)) and bool(call[0])


@contextlib.contextmanager
def environment(student: Student, **settings: str) -> Iterator[Handle]:
    """While this lasts, the student's process has these environment variables, and what is changed among them."""
    environ = imported(student, "os").environ
    patch = imported(student, "unittest.mock").patch.method("dict", environ, settings)
    patch.method("start")
    try:
        yield environ
    finally:
        patch.method("stop")


@contextlib.contextmanager
def folder(student: Student, variable: str) -> Iterator[None]:
    """While this lasts, an environment variable of the student's process names an empty folder.

    Its name never gets here: it is another each time, and would hide that two answers do the same."""
    builtins, tempfile, shutil = (imported(student, name) for name in ("builtins", "tempfile", "shutil"))
    with environment(student) as environ:
        put = student.ask({"op": "get", "target": [*environ.path, "__setitem__"]}, "it")
        names = builtins.method("map", tempfile.mkdtemp, ["-trained"])
        builtins.method("list", builtins.method("map", put, [variable], names))
        try:
            yield
        finally:
            builtins.method(
                "list", builtins.method("map", shutil.rmtree, builtins.method("map", environ.get, [variable]))
            )


def on_its_own(student: Student, *names: str) -> None:
    """Stop here when a reference stands in for one of these functions of the student's.

    For checks that are content when a function of another item does not work: then nothing was charged that a
    reference could make good."""
    for name in names:
        place = student.ask({"op": "get", "target": [name, "__module__"]}, name)
        if str(place).startswith("autograder."):
            raise Feedback(f"`{name}` is not the student's.", "this was tried with the student's own before")
