"""The reference pages beside this file, from models, docstrings and the command line: `make docs` writes them anew.

    python docs/reference/generate.py            # write
    python docs/reference/generate.py --check    # exit code 1 where a page is not what the code says

They are committed, so that they can be read where the repository is. tests/docs holds them against the code.
"""

from __future__ import annotations

import ast
import enum
import inspect
import json
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_MARK = "<!-- Written by docs/reference/generate.py: change what it reads, and run `make docs`. -->"


def pages() -> dict[str, str]:
    """File name -> text, of all pages that are made here."""
    from autograder import judge
    from autograder.judge import draw, expect, gradients, pictures, properties, registry, student, thresholds

    functions = (registry.check, thresholds.calibrated, judge.elementwise, gradients.gradients_fit_values)
    return {
        "assignment-toml.md": "\n".join(_assignment_toml()),
        "commands.md": "\n".join(_commands()),
        "expect.md": _page("expect", _first(expect), _functions(expect, "expect.")),
        "draw.md": _page("Draw", _first(draw), _members(draw.Draw, "draw.")),
        "student.md": _page(
            "Student",
            "What a check sees of a notebook that has run. All that comes back is a copy, as plain data; what is none "
            "(a module, an object) stays where it is and is a `Handle`.",
            [*_class("Student", student.Student, "student."), *_class("Handle", student.Handle, "handle.")],
        ),
        "checks.md": _page(
            "More for checks",
            "What else `autograder.judge` has.",
            [
                *(line for function in functions for line in _entry(function, "")),
                *_class("Check", registry.Check, ""),
                *_class("Threshold", thresholds.Threshold, "bar."),
                "## properties", "", *_deeper(_functions(properties, "properties.")),
                "## pictures", "", *_deeper(_functions(pictures, "pictures.")),
            ],
        ),
    }  # fmt: skip


def stale() -> list[str]:
    """The pages on disk that are not what the code says."""
    wanted = pages()
    return [name for name, text in wanted.items() if not _says(HERE / name, text)]


def _says(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _page(title: str, about: str, lines: list[str]) -> str:
    return "\n".join([_MARK, "", f"# {title}", "", _prose(about), "", *lines]).rstrip("\n") + "\n"


def _prose(text: str) -> str:
    """A docstring as Markdown: the code is laid out in lines, prose is not; indented lines are an example."""
    parts = []
    for part in inspect.cleandoc(text).split("\n\n"):
        example = part.startswith("    ")
        parts.append(f"```python\n{textwrap.dedent(part)}\n```" if example else " ".join(part.split()))
    return "\n\n".join(parts)


def _first(module: types.ModuleType) -> str:
    return inspect.getdoc(module) or ""


def _functions(module: types.ModuleType, prefix: str) -> list[str]:
    found = [
        value for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == module.__name__
    ]  # fmt: skip
    return [line for function in found for line in _entry(function, prefix)]


def _members(owner: type, prefix: str) -> list[str]:
    found = [value for name, value in vars(owner).items() if inspect.isfunction(value) and not name.startswith("_")]
    return [line for function in found for line in _entry(function, prefix)]


def _class(title: str, owner: type, prefix: str) -> list[str]:
    return [f"## {title}", "", _prose(inspect.getdoc(owner) or ""), "", *_deeper(_members(owner, prefix))]


def _deeper(lines: list[str]) -> list[str]:
    return [f"#{line}" if line.startswith("## ") else line for line in lines]


def _entry(function: Any, prefix: str) -> list[str]:
    about = inspect.getdoc(function)
    if not about:
        raise SystemExit(f"{function.__qualname__} has no docstring, and is part of the reference")
    signature = _signature(function)
    return [
        f"## {function.__name__}",
        "",
        f"```python\n{prefix}{function.__name__}{signature}\n```",
        "",
        _prose(about),
        "",
    ]


def _signature(function: Any) -> str:
    """As it is called: without `self`, on one line where it fits."""
    signature = inspect.signature(function)
    kept = [parameter for name, parameter in signature.parameters.items() if name != "self"]
    inside: list[str] = []
    for parameter in kept:
        variable = any("*" in one for one in inside)
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not variable:
            inside.append("*")
        inside.append(_parameter(parameter))
    gives = f" -> {_annotated(signature.return_annotation)}"
    text = f"({', '.join(inside)}){gives}"
    if len(text) <= 90:
        return text
    return "(" + "".join(f"\n    {one}," for one in inside) + f"\n){gives}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    default = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
    return f"{stars}{parameter.name}: {_annotated(parameter.annotation)}{default}"


def _annotated(annotation: Any) -> str:
    return str(annotation).replace("torch.Tensor", "Tensor")


# --- assignment.toml and its neighbours ---------------------------------------------------------------------------


def _assignment_toml() -> Iterator[str]:
    from autograder.authoring import AssignmentTable, ItemTable, RubricTable
    from autograder.model import Limits
    from autograder.variants import Equivalent, MistakeTable

    yield from (_MARK, "", "# assignment.toml", "")
    yield "Every key is one of these; a misspelt one is refused with the name that was meant."
    yield "[Writing an assignment](../authoring.md) shows them in use."
    yield from ("", "## The top of the file", "", *_model(AssignmentTable))
    yield from ("", "## [[items]]", "", *_model(ItemTable))
    yield from ("", "## rubric", "", 'Inline tables: `rubric = [{ points = 1, text = "..." }]`.', "")
    yield from _model(RubricTable)
    yield from ("", "## [limits]", "", _prose(inspect.getdoc(Limits) or ""), "")
    yield from ("| key | default | what it bounds |", "|---|---|---|")
    about = _attribute_docs(Limits)
    for name, default in ((f, getattr(Limits(), f)) for f in Limits.__dataclass_fields__):
        yield f"| `{name}` | {default:g} | {about[name]} |"
    yield from ("", "## mistakes/ITEM.toml", "", "A table for each mistake, by its name.", "", *_model(MistakeTable))
    yield from ("", "## [[equivalent]]", "", "In `mistakes/ITEM.toml`, above the first mistake or below the last.", "")
    yield from _model(Equivalent)
    yield ""


def _model(model: Any) -> Iterator[str]:
    """A table of a pydantic model's keys, from its JSON schema."""
    schema = model.model_json_schema()
    yield from ("| key | value | when left out | what it says |", "|---|---|---|---|")
    for name, field in schema["properties"].items():
        about = " ".join(field.get("description", "").split())
        if not about:
            raise SystemExit(f"{model.__name__}.{name} has no description, and is part of the reference")
        missing = "" if name in schema.get("required", ()) else _default(field.get("default"))
        yield f"| `{name}` | {_kind(field)} | {missing or 'needed'} | {about} |"


def _default(value: Any) -> str:
    return "nothing" if value in (None, [], {}, "") else f"`{json.dumps(value)}`"


def _kind(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return _kind(next(one for one in field["anyOf"] if one.get("type") != "null"))
    if "enum" in field:
        return ", ".join(f'`"{value}"`' for value in field["enum"])
    if "pattern" in field:
        return "text that matches `" + field["pattern"].strip("^$") + "`"
    if "$ref" in field:
        return "table"
    if field.get("type") == "array":
        inner = field.get("items", {})
        if inner.get("minItems") == 2:
            return "list of pairs of texts"
        count = " (two)" if field.get("minItems") == 2 else " (one or more)" if field.get("minItems") else ""
        plural = {"table": "tables", "text": "texts"}
        return f"list of {plural.get(_kind(inner), _kind(inner))}{count}"
    above = " above 0" if "exclusiveMinimum" in field else ""
    names = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "object": "table",
        "boolean": "true or false",
    }
    return "date, time and offset" if field.get("format") == "date-time" else names[field["type"]] + above


def _attribute_docs(owner: type) -> dict[str, str]:
    """The texts below the attributes of a class."""
    body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for one, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[ast.unparse(one.target)] = " ".join(str(after.value.value).split())
    return found


# --- the command line ---------------------------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    import autograder.cli as cli

    yield from (_MARK, "", "# Commands", "", "`seq2grade COMMAND --help` says the same. Exit codes:", "")
    codes = (inspect.getdoc(cli) or "").split("Exit codes:")[1]
    yield from (f"- {' '.join(one.split())}" for one in codes.strip().rstrip(".").split(";"))
    yield ""
    yield from _group(cli.app, "")


def _group(app: Any, before: str) -> Iterator[str]:
    for info in app.registered_commands:
        name = info.name or (info.callback.__name__ if info.callback else "")
        yield from _command(f"{before}{name.strip('_').replace('_', '-')}", info.callback)
    for group in app.registered_groups:
        yield from _group(group.typer_instance, f"{before}{group.name} ")


def _command(name: str, callback: Any) -> Iterator[str]:
    hints = typing.get_type_hints(callback, include_extras=True)
    rows, usage = [], [f"seq2grade {name}"]
    for key, parameter in inspect.signature(callback).parameters.items():
        kind, info = _annotation(hints[key])
        needed = parameter.default in (inspect.Parameter.empty, ...)
        about = " ".join(str(getattr(info, "help", "") or "").split())
        if type(info).__name__ == "ArgumentInfo":
            shown = key.strip("_").upper()
            usage.append(shown if needed else f"[{shown}]")
            label = f"`{shown}`"
        else:
            label = " / ".join(f"`{one}`" for one in _options(info, key, kind))
            label += "" if kind is bool else f" {_word(kind)}"
        rows.append(f"| {label} | {'needed' if needed else _shown(parameter.default)} | {about} |")
    usage += ["[options]"] if any("`--" in row for row in rows) else []
    yield from (f"## {name}", "", f"```text\n{' '.join(usage)}\n```", "", _prose(inspect.getdoc(callback) or ""), "")
    if rows:
        yield from ("| | when left out | |", "|---|---|---|", *rows, "")


def _options(info: Any, key: str, kind: Any) -> list[str]:
    """The ways in which an option is typed. The first that is declared stands where typer keeps a default, too."""
    declared = [getattr(info, "default", None), *(getattr(info, "param_decls", None) or ())]
    own = [part for one in declared if isinstance(one, str) and one.startswith("-") for part in one.split("/")]
    name = key.strip("_").replace("_", "-")
    return own or ([f"--{name}", f"--no-{name}"] if kind is bool else [f"--{name}"])


def _annotation(hint: Any) -> tuple[Any, Any]:
    """(type without None and list, what typer is told about it)."""
    info = next((one for one in getattr(hint, "__metadata__", ()) if hasattr(one, "help")), None)
    kind = getattr(hint, "__origin__", hint) if info is not None else hint
    for _ in range(3):
        inner = [one for one in typing.get_args(kind) if one is not type(None)]
        kind = inner[0] if inner else kind
    return kind, info


def _word(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "|".join(str(one.value) for one in kind)
    return {"Path": "FILE", "int": "N", "float": "X", "str": "TEXT"}.get(getattr(kind, "__name__", ""), "TEXT")


def _shown(value: Any) -> str:
    if value in (None, "", False, ()) or value == []:
        return ""
    if value is True:
        return "on"
    return f"`{value}`"


def main() -> None:
    """Write, or with --check only look."""
    if "--check" in sys.argv:
        old = stale()
        sys.exit(f"not what the code says: {', '.join(old)}: run `make docs`" if old else 0)
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
