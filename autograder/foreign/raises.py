"""The ways in which a test says that a call must raise."""

from __future__ import annotations

import ast
import builtins

from autograder.foreign.refused import Refused

_RAISES = ("assert_raises", "assertRaises", "raises")
Expected = tuple[str, str, list[ast.expr], list[ast.keyword]]


def expected_error(node: ast.Try | ast.With | ast.Expr) -> Expected | None:
    """(name of the exception or "" for any, function, arguments, keyword arguments); None for a statement that says
    no such thing. Raises Refused where it does so in a way that has no counterpart."""
    if isinstance(node, ast.Try):
        return _tried(node)
    if isinstance(node, ast.With):
        return _within(node)
    call = node.value
    if isinstance(call, ast.Call) and _name(call.func) in _RAISES and len(call.args) >= 2:
        if not isinstance(call.args[1], ast.Name):
            raise Refused("it expects an exception of something that is no function of the notebook")
        return _kind(call.args[0]), call.args[1].id, call.args[2:], call.keywords
    return None


def _tried(node: ast.Try) -> Expected:
    """try: f(x) / except ValueError: pass / else: raise AssertionError(...), or the raise as the last of the try."""
    body, handlers = list(node.body), node.handlers
    fails = node.orelse
    if not fails and len(body) == 2 and _gives_up(body[1]):
        fails = [body.pop()]
    plain = len(handlers) == 1 and all(isinstance(line, ast.Pass) for line in handlers[0].body) and not node.finalbody
    if not plain or len(body) != 1 or len(fails) != 1 or not _gives_up(fails[0]):
        raise Refused("it catches exceptions in a way of its own")
    caught = handlers[0].type
    if caught is not None and _name(caught) in ("AssertionError", "Exception", "BaseException") and not node.orelse:
        raise Refused("it catches its own AssertionError: the test cannot fail")
    return (_kind(caught) if caught is not None else "", *_call(body[0]))


def _within(node: ast.With) -> Expected:
    manager = node.items[0].context_expr
    if not isinstance(manager, ast.Call) or _name(manager.func) not in _RAISES or len(node.items) != 1:
        raise Refused("it works inside a `with`")
    if len(manager.args) != 1 or manager.keywords or node.items[0].optional_vars is not None or len(node.body) != 1:
        raise Refused("it asks more of an exception than its class")
    return (_kind(manager.args[0]), *_call(node.body[0]))


def _call(node: ast.stmt) -> tuple[str, list[ast.expr], list[ast.keyword]]:
    value = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
        raise Refused("it expects an exception of something that is no call of a function")
    return value.func.id, value.args, value.keywords


def _gives_up(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assert):
        return isinstance(node.test, ast.Constant) and not node.test.value
    raised = node.exc if isinstance(node, ast.Raise) else None
    return raised is not None and _name(raised.func if isinstance(raised, ast.Call) else raised) == "AssertionError"


def _kind(node: ast.expr) -> str:
    """The class as the student's process reports it. Only Python's own are told apart there."""
    name = _name(node)
    if name in ("Exception", "BaseException"):
        return ""
    found = getattr(builtins, name, None)
    if not isinstance(found, type) or not issubclass(found, BaseException):
        raise Refused(f"it expects {ast.unparse(node)}, and only Python's own exceptions are told apart")
    return name


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
