"""What public tests say: a line for each property and one short error, where Python shows its way through the test.

`install`, called by the first cell of a notebook, has IPython rewrite the cells that hold public tests, and no others.
A cell that fails still fails. Without IPython, and where a notebook is graded, nothing is rewritten.
"""

from __future__ import annotations

import ast
import linecache
import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

PREFIX = "public_tests"  # how the functions with public tests are named
_NAME = "__public_tests__"  # what rewritten cells know the record by
_WIDTH = 65


class _Short(AssertionError):
    """An error of which IPython shows the sentence and nothing else."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class TestsFailed(_Short):
    """At least one public test does not hold, or could not go on."""

    __test__ = False  # pytest collects classes of such names


class NotWritten(_Short):
    """An answer is still as it was given out."""


@dataclass
class _Record:
    """What one cell of public tests found. `told`: line of the test -> (its name, what it said when it failed)."""

    told: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __enter__(self) -> _Record:
        self.told.clear()
        return self

    def held(self, line: int, name: str) -> None:
        """A test in a loop holds when it does each time."""
        self.told.setdefault(line, (name, ""))

    def failed(self, line: int, name: str, error: AssertionError) -> None:
        """The first message is the one to read."""
        if not self.told.get(line, ("", ""))[1]:
            self.told[line] = (name, str(error) or name or "a property does not hold")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None and not isinstance(error, Exception):
            return  # somebody stopped it
        unwritten = not_written(error)
        for name, message in self.told.values():
            if message or name:
                print(f"✗ {message}" if message else f"✓ {name}")
        bad = sum(bool(message) for _, message in self.told.values())
        if unwritten:
            raise NotWritten(f"○ {unwritten}") from None
        if bad:  # what went wrong after the first test that failed may follow from it
            raise TestsFailed(f"{bad} of {len(self.told)} public tests do not hold yet") from None
        if error is not None:
            raise TestsFailed(_stopped(error)) from error


def not_written(error: BaseException | None) -> str:
    """One sentence when the error comes from an answer that nobody began; "" otherwise."""
    if not isinstance(error, NotImplementedError):
        return ""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return ""
    code = place.tb_frame.f_code
    if not linecache.getline(code.co_filename, place.tb_lineno).strip().startswith("raise NotImplementedError"):
        return ""
    return "not written yet" if code.co_name.startswith("<") else f"not written yet: {code.co_name}"


def _stopped(error: Exception) -> str:
    """The student's own lines on the way to the error, and what it says."""
    steps, place = [], error.__traceback__
    while place is not None:
        code = place.tb_frame.f_code
        if _NAME in place.tb_frame.f_globals and not code.co_name.startswith((PREFIX, "<")):
            line = linecache.getline(code.co_filename, place.tb_lineno).strip()
            steps.append(f"in {code.co_name}, line {place.tb_lineno} of its cell: {line}")
        place = place.tb_next
    what = f"{type(error).__name__}: {error}".rstrip(": ").split("\n")[0]
    if not steps:
        return f"a test could not go on with what came back ({what})"
    return "\n".join([*steps[-3:], what])


class _Watched(ast.NodeTransformer):
    """Cells with public tests, rewritten: each test is noted and the next one tried; their call ends in a list."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        if not any(isinstance(one, ast.FunctionDef) and one.name.startswith(PREFIX) for one in node.body):
            return node
        node.body = [self._statement(one) for one in node.body]
        return ast.fix_missing_locations(node)

    def _statement(self, node: ast.stmt) -> ast.stmt:
        if isinstance(node, ast.FunctionDef):
            last = node.body[-1]
            if node.name.startswith(PREFIX) and len(node.body) > 1 and _is_call(last, "print"):
                node.body.pop()  # that all is well: the list says it
            return _Asserts().visit(node)  # type: ignore[no-any-return]
        if _is_call(node, PREFIX):
            item = ast.withitem(context_expr=ast.Name(_NAME, ast.Load()))
            return ast.copy_location(ast.With(items=[item], body=[node]), node)
        return node


class _Asserts(ast.NodeTransformer):
    """`assert` in its place, with what comes of it noted."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        name = _name(node.msg)
        watched = ast.parse(
            f"try:\n    pass\nexcept AssertionError as {_NAME}error:\n"
            f"    {_NAME}.failed({node.lineno}, {name!r}, {_NAME}error)\n"
            f"else:\n    {_NAME}.held({node.lineno}, {name!r})"
        ).body[0]
        assert isinstance(watched, ast.Try)
        for inner in ast.walk(watched):
            if isinstance(inner, (ast.expr, ast.stmt, ast.excepthandler)):
                ast.copy_location(inner, node)
        watched.body = [node]
        return watched


def _is_call(node: ast.stmt, prefix: str) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.startswith(prefix)


def _name(message: ast.expr | None) -> str:
    """The property in a test's message: what stands before the colon, without what is only known when it fails."""
    parts = message.values if isinstance(message, ast.JoinedStr) else [message]
    text, whole = "", True
    for part in parts:
        whole = isinstance(part, ast.Constant) and isinstance(part.value, str)
        if not whole:
            break
        text += part.value  # type: ignore[union-attr]
    head, colon, _ = text.partition(":")
    if not colon and not whole:  # the sentence goes on with a value
        head = head.rpartition(",")[0]
    head = head.strip()
    return head if len(head) <= _WIDTH else head[: _WIDTH - 1].rpartition(" ")[0] + "…"


def install() -> None:
    """Rewrite cells of public tests from here on, and say of an open answer that it is one. Once is enough."""
    shell: Any = None
    if not os.environ.get("SEQ2GRADE_GRADING"):
        try:
            from IPython import get_ipython

            shell = get_ipython()
        except ImportError:
            pass
    if shell is None:
        return
    shell.user_ns[_NAME] = _Record()
    transformers = shell.ast_transformers
    transformers[:] = [one for one in transformers if not isinstance(one, _Watched)] + [_Watched()]
    shell.set_custom_exc((NotImplementedError,), _tell)


def _tell(shell: Any, kind: type[BaseException], error: BaseException, tb: Any, tb_offset: int | None = None) -> None:
    sentence = not_written(error)
    if sentence and ":" in sentence:
        shell._showtraceback(NotWritten, error, [f"○ {sentence}; this cell needs it"])
    elif sentence:
        shell._showtraceback(NotWritten, error, [f"○ {sentence}"])
    else:
        shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
