"""The marks that otter reads inside a cell: solutions, prompts, ignored lines, settings of tests."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

import yaml

from autograder.foreign.cells import parsed, runnable
from autograder.foreign.model import BEGIN, END, Left
from autograder.notebooks import source_of

_LINE = re.compile(r"^(.*?)\s*# ?SOLUTION( NO PROMPT)?\s*$")
_BEGIN = re.compile(r"^\s*# BEGIN SOLUTION( NO PROMPT)?\s*$")
_END = re.compile(r"^\s*# END SOLUTION\s*$")
_PROMPT_BEGIN = re.compile(r"""^\s*("{3}|'{3})\s*# BEGIN PROMPT\s*$""")
_PROMPT_END = re.compile(r"""^\s*("{3}|'{3});?\s*# END PROMPT\s*$""")
_CONFIG_BEGIN = re.compile(r"""(?:.\s*=\s*)?"{2,3}\s*#\s*BEGIN\s*TEST\s*CONFIG""", re.IGNORECASE)
_CONFIG_END = re.compile(r"""\s*"{2,3}\s*#\s*END\s*TEST\s*CONFIG""", re.IGNORECASE)
_TRUTHS = (ast.Compare, ast.BoolOp)
_DECIDES = ("all", "any", "isinstance", "allclose", "isclose", "array_equal", "issubset", "equals")


@dataclass(frozen=True)
class Case:
    """One test case of a question; `points` is None where it has no number of its own."""

    name: str
    code: str
    hidden: bool
    points: float | None
    message: str


def ignored(source: str, where: str) -> tuple[str, list[Left]]:
    """A cell without the lines that otter leaves out everywhere."""
    kept: list[str] = []
    lost: list[str] = []
    inside = False
    for line in source.split("\n"):
        begins = re.match(r"\s*#\s*BEGIN\s*IGNORE", line, re.IGNORECASE) is not None
        ends = line.rstrip().endswith("# END IGNORE")
        if inside or begins or line.rstrip().endswith("# IGNORE"):
            lost.append(line)
        else:
            kept.append(re.sub(r"\s*# SEED\s*$", "", line))
        inside = (inside or begins) and not ends
    told = [Left(where, "lines that otter leaves out of all it makes", "\n".join(lost))] if lost else []
    return "\n".join(kept), told


def solution(source: str, where: str) -> tuple[str, list[Left]]:
    """A solution cell with our marks in place of otter's."""
    source, left = ignored(source, where)
    out: list[str] = []
    prompt: list[str] = []
    block = prompting = False
    for line in source.split("\n"):
        space = line[: len(line) - len(line.lstrip())]
        if prompting or _PROMPT_BEGIN.match(line):
            prompt.append(line)
            prompting = not _PROMPT_END.match(line)
        elif _BEGIN.match(line):
            out.append(space + BEGIN)
            block = True
        elif _END.match(line):
            out.append(space + END)
            block = False
        elif not block and (found := _LINE.match(line)):
            out += [space + BEGIN, found[1], space + END]
        elif line.strip().lower() != "## solution ##":
            out.append(line)
    if prompt:
        left.append(Left(where, "a prompt: students see our stub instead", "\n".join(prompt)))
    text = _joined(out)
    if BEGIN not in text:
        text = f"{BEGIN}\n{text.strip(chr(10)) or 'pass'}\n{END}"
    return text, left


def _joined(lines: list[str]) -> str:
    """Marked regions that follow each other become one: each would get a stub of its own."""
    kept: list[str] = []
    for line in lines:
        if kept and line.strip() == BEGIN and kept[-1].strip() == END and _depth(line) == _depth(kept[-1]):
            kept.pop()
        else:
            kept.append(line)
    return "\n".join(kept)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def case_of(cell: Any, where: str) -> tuple[Case, list[Left]]:
    """A cell of tests: its settings, and its code as assertions."""
    lines = source_of(cell).split("\n")
    settings: dict[str, Any] = {}
    hidden = bool(lines[0].lstrip().startswith("#") and re.search(r"\bhidden\b", lines[0], re.IGNORECASE))
    if hidden:
        lines = lines[1:]
    if _CONFIG_BEGIN.match(lines[0] if lines else ""):
        end = next((n for n, line in enumerate(lines) if n and _CONFIG_END.match(line)), 0)
        found = yaml.safe_load("\n".join(lines[1:end])) or {}
        settings, lines = (found if isinstance(found, dict) else {}), lines[end + 1 :]
    code, left = runnable("\n".join(lines), where)
    tree = parsed(code)
    if tree is not None:
        code = _called(tree) or _asserted(tree, code, _shown(cell)) or code
    points = settings.get("points")
    worth = float(points) if isinstance(points, (int, float)) else None
    name, message = str(settings.get("name") or where), str(settings.get("failure_message") or "")
    return Case(name, code, bool(settings.get("hidden", hidden)), worth, message), left


def _called(tree: ast.Module) -> str:
    """A test that is a function of the notebook's names: what it does, with `env` as what it stands for. "" where it
    is none."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1 or not isinstance(tree.body[0], ast.FunctionDef) or len(tree.body) > 2:
        return ""
    if any(isinstance(node, (ast.Return, ast.Yield)) for node in ast.walk(functions[0])):
        return ""
    body = ast.Module([_Env().visit(node) for node in functions[0].body], [])
    return ast.unparse(ast.fix_missing_locations(body))


class _Env(ast.NodeTransformer):
    """env["name"] is the notebook's name."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "env" and isinstance(node.slice, ast.Constant):
            return ast.Name(str(node.slice.value), ast.Load())
        return node


def _shown(cell: Any) -> str:
    """What the cell showed when its author ran it."""
    parts = []
    for output in cell.get("outputs", ()):
        parts.append("".join(output.get("text", "")))
        parts.append("".join(output.get("data", {}).get("text/plain", "")))
    return "".join(parts).strip("\n")


def _asserted(tree: ast.Module, code: str, shown: str) -> str:
    """A test that is right when its last expression shows what it showed before: the same as an assertion."""
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return ""
    text = ast.get_source_segment(code, last) or ast.unparse(last)
    before = "\n".join(code.split("\n")[: last.lineno - 1])
    value = last.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print" and shown:
        if len(value.args) == 1 and not value.keywords:
            return f"{before}\nassert str({ast.unparse(value.args[0])}) == {shown!r}".strip("\n")
        return ""
    if shown == "True" or (not shown and _decides(value)):
        return f"{before}\nassert {text}".strip("\n")
    if not shown:
        return ""
    try:
        ast.literal_eval(shown)
    except (ValueError, SyntaxError):
        return f"{before}\nassert repr({text}) == {shown!r}".strip("\n")
    return f"{before}\nassert ({text}) == {shown}".strip("\n")


def _decides(value: ast.expr) -> bool:
    """Whether an expression is true or false by its form: of a notebook whose outputs were cleared."""
    if isinstance(value, _TRUTHS) or (isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)):
        return True
    if not isinstance(value, ast.Call):
        return False
    name = value.func.id if isinstance(value.func, ast.Name) else getattr(value.func, "attr", "")
    return name in _DECIDES
