"""What may be imported where, read from the source text itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
FILES = sorted(PACKAGE.rglob("*.py"))
# Formats that run code when they are read.
EXECUTABLE = {"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
LOADERS = {
    ("torch", "load"),
    ("torch.serialization", "load"),
    ("torch.jit", "load"),
    ("torch.hub", "load"),
    ("numpy", "load"),
    ("np", "load"),
    ("pd", "read_pickle"),
    ("pandas", "read_pickle"),
}
BESIDE_STUDENTS = {"numpy", "torch", "msgpack"}
SHARED_WITH_GUEST = ("autograder.guest", "autograder.errors", "autograder.model")


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; relative imports as they are written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            yield ast.unparse(node.args[0]).strip("'\"")


def calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(object, attribute) of every call of the form a.b.c(...)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_the_files_are_there() -> None:
    """The tests below look at the whole package."""
    known = {"cli.py", "pipeline.py", "course.py", "guest/wire.py", "judge/evaluate.py", "sandbox/zygote.py"}
    assert known <= set(map(name, FILES))


@pytest.mark.parametrize("path", [p for p in FILES if "guest" in p.parts], ids=name)
def test_the_guest_imports_little(path: Path) -> None:
    """What runs beside student code needs the standard library, numpy, torch, msgpack, and its own few files."""
    for module in imports(parsed(path)):
        root = module.split(".")[0]
        allowed = root in sys.stdlib_module_names | BESIDE_STUDENTS or module.startswith(SHARED_WITH_GUEST)
        assert allowed, f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", [PACKAGE / "model.py", PACKAGE / "errors.py"], ids=name)
def test_model_and_errors_import_nothing_of_ours(path: Path) -> None:
    """They are on the lowest floor, and the guest loads them."""
    for module in imports(parsed(path)):
        assert module.split(".")[0] in sys.stdlib_module_names, f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_unpickled(path: Path) -> None:
    """No module imports a format that runs code when read, and none calls a loader built on one."""
    tree = parsed(path)
    for module in imports(tree):
        assert module.split(".")[0] not in EXECUTABLE, f"{name(path)} imports {module}"
    for place, attribute in calls(tree):
        assert (place, attribute) not in LOADERS, f"{name(path)} calls {place}.{attribute}"
        assert attribute not in ("read_pickle", "unsafe_load"), f"{name(path)} calls {place}.{attribute}"


def test_loaders_are_not_imported_by_name() -> None:
    """`from torch import load` would hide a call from the test above."""
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom):
                hidden = {(node.module or "", alias.name) for alias in node.names} & LOADERS
                assert not hidden, f"{name(path)} imports {hidden}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import pickle", {"pickle"}),
        ("def f():\n    from os import path", {"os"}),
        ("from . import x", {"."}),
        ("__import__('dill')", {"dill"}),
        ("import importlib\nimportlib.import_module('shelve')", {"importlib", "shelve"}),
    ],
)
def test_imports_are_seen_wherever_they_stand(text: str, found: set[str]) -> None:
    """The reader of imports misses neither late nor dynamic ones."""
    assert set(imports(ast.parse(text))) == found


def test_the_judge_touches_no_files_of_students_and_starts_no_process() -> None:
    """The judge's modules reach neither the sandbox nor the collector, and import no way to start a process."""
    for path in (p for p in FILES if "judge" in p.parts):
        for module in imports(parsed(path)):
            assert not module.startswith(("autograder.sandbox", "autograder.collect", "subprocess", "multiprocessing"))


def test_deciding_code_has_no_clock_and_no_files() -> None:
    """The score is computed from its arguments alone."""
    assert set(imports(parsed(PACKAGE / "score.py"))) == {
        "__future__",
        "collections.abc",
        "dataclasses",
        "autograder.assignment",
        "autograder.model",
    }


def test_no_process_builds_a_grammar_that_nobody_asks_for() -> None:
    """nbformat comes without the grammar of internationalised addresses, a fifth of what a start took; jsonschema,
    which would use it, still checks formats."""
    code = (
        "import autograder, nbformat, jsonschema, sys; assert not {'lark', 'rfc3987_syntax.syntax_helpers'} & "
        "{*sys.modules}; checks = jsonschema.FormatChecker(); assert not checks.conforms('1.2.3.x', 'ipv4')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
