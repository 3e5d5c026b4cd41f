"""What a student reads of an exception: what happened and in which of their lines; why, only where that is certain."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import Feedback
from autograder.guest.servant import Servant
from autograder.guest.tracing import digest
from autograder.judge import Check, Student
from autograder.judge.raised import missing, told
from autograder.judge.run import run_check
from autograder.judge.sources import Facts
from autograder.judge.student import StudentRaised
from autograder.model import Grade
from autograder.pipeline import grade_submission
from tests.attacks.cheat import own_cell
from tests.courses import Grader

pytest_plugins = ["tests.courses"]

SECRET = "98765.4321"
IMPORTS = "import torch\nimport numpy as np"


def facts(*cells: str | tuple[str, str]) -> Facts:
    """A notebook that ran; a cell given with an error stopped with it."""
    rows = [(cell, "") if isinstance(cell, str) else cell for cell in cells]
    return Facts.of((f"cell{n}", code, "error" if error else "ok", error) for n, (code, error) in enumerate(rows))


def at(code: str, line: int, **more: Any) -> dict[str, Any]:
    """A report of an exception that came through this line of this cell."""
    text = code.split("\n")[line - 1].strip()
    return {"cell": digest(code + "\n"), "code": digest(text), "line": line, "last": True, **more}


def words(
    kind: str, text: str, seen: dict[str, Any], known: Facts, what: str = "f", asked: dict[str, Any] | None = None
) -> Feedback:
    """What is told of it."""
    return told(StudentRaised(what, kind, text, "", "", {"type": kind, **seen}, asked), known)


CUDA = "def f(x):\n    return x.cuda()"
SUMS = "def f(x):\n    return sum(x)"
USES = "def f(x):\n    return torch.softmax(x, -1)"
CALLS = "def f(x):\n    return helper(x)"
HELPER = "def helper(x):\n    return x"
RAISES = "def f(x):\n    raise KeyError('x')"
LOOKS_UP = "def f(x):\n    return TABLE[x]"
ROWS = "def f(x):\n    return max(range(x), 3)"
NET = "class Net(torch.nn.Module):\n    def forward(self, x):\n        return x @ x"

Case = tuple[str, str, tuple[str, int], tuple[str | tuple[str, str], ...], str]
# kind, text, the cell and line, the notebook, what the hint must say ("" for nothing at all)
CASES: list[Case] = [
    ("AssertionError", "Torch not compiled with CUDA enabled", (CUDA, 2), (IMPORTS, CUDA), "there is no GPU"),
    ("RuntimeError", "No CUDA GPUs are available", (CUDA, 2), (CUDA,), "there is no GPU"),
    ("RuntimeError", "Found no NVIDIA driver on your system.", (CUDA, 2), (CUDA,), "there is no GPU"),
    ("AssertionError", "", ("def f(x):\n    assert x", 2), ("def f(x):\n    assert x",), "an assert of your own"),
    ("AssertionError", "", (CUDA, 2), (CUDA,), ""),
    ("NotImplementedError", "", ("def f(x):\n    raise NotImplementedError()", 2),
     ("def f(x):\n    raise NotImplementedError()",), "not written yet"),
    ("NotImplementedError", "Cannot copy out of meta tensor; no data!", (CUDA, 2), (CUDA,), "device `meta`"),
    ("NotImplementedError", "", (CUDA, 2), (CUDA,), ""),
    ("TypeError", "'int' object is not callable", (SUMS, 2), (SUMS, "a = 1\nsum = 3"),
     "`sum` is overwritten further down, in the cell that begins with `a = 1`"),
    ("TypeError", "'int' object is not callable", (SUMS, 2), ("sum = 3", SUMS), "`sum` is overwritten in the cell"),
    ("TypeError", "'int' object is not callable", (SUMS, 2), (SUMS,), ""),
    ("AttributeError", "'NoneType' object has no attribute 'softmax'", (USES, 2), (IMPORTS, USES, "torch = None"),
     "`torch` is overwritten further down, in the cell that begins with `torch = None`"),
    ("AttributeError", "'NoneType' object has no attribute 'softmax'", (USES, 2), (IMPORTS, USES), "is None"),
    ("TypeError", "'NoneType' object is not callable", (USES, 2), (IMPORTS, USES, "torch.softmax = None"),
     "`torch.softmax` is overwritten further down"),
    ("TypeError", "'Tensor' object is not callable", (CALLS, 2), (HELPER, CALLS, "helper = helper(1)"),
     "`helper` is overwritten further down"),
    ("TypeError", "helper() missing 1 required positional argument: 'y'", (CALLS, 2),
     (HELPER, CALLS, "def helper(x, y):\n    return x"), "`helper` is overwritten further down"),
    ("TypeError", "unsupported operand type(s)", (CALLS, 2), (HELPER, CALLS, "helper = 3"), ""),
    ("TypeError", "'int' object is not callable", ("def f(sum):\n    return sum(1)", 2),
     ("def f(sum):\n    return sum(1)", "sum = 3"), ""),
    ("NameError", "name 'helper' is not defined", (CALLS, 2), (CALLS,), "defined nowhere in the notebook"),
    ("NameError", "name 'helper' is not defined", (CALLS, 2), (CALLS, "from os import *"), "defined once the whole"),
    ("NameError", "name 'helper' is not defined", (CALLS, 2), (CALLS, "globals()['helper'] = 3"), "once the whole"),
    ("NameError", "name 'helper' is not defined", (CALLS, 2), (CALLS, "%run helpers.py"), "once the whole"),
    ("NameError", "name 'helper' is not defined", (CALLS, 2), (HELPER, CALLS, "del helper"),
     "`helper` is deleted in the cell that begins with `del helper`"),
    ("NameError", "name 'helper' is not defined", (CALLS, 2),
     (("import jax\n" + HELPER, "ModuleNotFoundError: No module named 'jax'"), CALLS),
     "begins with `import jax`, stopped with ModuleNotFoundError"),
    ("NameError", f"name 'x{SECRET[:5]}' is not defined", (CALLS, 2), (CALLS,), "once the whole notebook has run"),
    ("KeyError", "'x'", (USES, 2), (USES,), ""),
    ("AttributeError", "module 'torch' has no attribute 'softmax'", (USES, 2), (IMPORTS, USES), "is it spelt so?"),
    ("AttributeError", "module 'torch' has no attribute 'secret'", (USES, 2), (IMPORTS, USES), ""),
    ("KeyError", "'x'", (LOOKS_UP, 2), (LOOKS_UP,), "no key of the dictionary"),
    ("ZeroDivisionError", "float division by zero", (SUMS, 2), (SUMS,), "a divisor is zero"),
    ("ZeroDivisionError", "0.0 cannot be raised to a negative power", (SUMS, 2), (SUMS,), "to a negative power"),
    ("ZeroDivisionError", "something of its own", (SUMS, 2), (SUMS,), ""),
    ("IndexError", "list index out of range", (LOOKS_UP, 2), (LOOKS_UP,), "runs past the end"),
    ("IndexError", "no such group", (LOOKS_UP, 2), (LOOKS_UP,), ""),
    ("IndexError", "index out of range in self", (USES, 2), (USES,), "no row in its table"),
    ("OverflowError", "cannot convert float infinity to integer", (USES, 2), (USES,), "infinity cannot become"),
    ("OverflowError", "date value out of range", (USES, 2), (USES,), ""),
    ("StopIteration", "", (USES, 2), (USES,), ""),
    ("UnboundLocalError", "cannot access local variable 'y' where it is not associated with a value", (USES, 2),
     (USES,), "before it gets a value"),
    ("NotImplementedError", "", (LOOKS_UP, 2), (LOOKS_UP,), ""),
    ("ModuleNotFoundError", "No module named 'mine'", (USES, 2), (USES,), "a file that was not handed in"),
    ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (3x5 and 7x3)", (USES, 2), (USES,), "do not fit"),
    ("RuntimeError", "The size of tensor a (2) must match the size of tensor b (3)", (USES, 2), (USES,), "do not fit"),
    ("RuntimeError", "expected scalar type Double but found Float", (USES, 2), (USES,), "dtypes"),
    ("RuntimeError", '"softmax" not implemented for \'Half\'', (USES, 2), (USES,), "does not exist for the dtype"),
    ("RuntimeError", "a leaf Variable that requires grad is being used in an in-place operation.", (USES, 2), (USES,),
     "changed in place"),
    ("RuntimeError", "one of the variables needed for gradient computation has been modified by an inplace operation",
     (USES, 2), (USES,), "changed in place"),
    ("RuntimeError", "something else", (USES, 2), (USES,), ""),
    ("ValueError", "something else", (USES, 2), (USES,), ""),
    ("RecursionError", "maximum recursion depth exceeded", (CALLS, 2), (CALLS,), "nested too deeply"),
    ("AttributeError", "'list' object has no attribute 'softmax'", (USES, 2), (USES,), "a list has no `.softmax`"),
    ("AttributeError", f"'x{SECRET[:5]}' object has no attribute 'softmax'", (USES, 2), (USES,), ""),
    ("AttributeError", "'list' object has no attribute 'shape'", (USES, 2), (USES,), ""),
    ("KeyError", "'x'", (RAISES, 2), (RAISES,), "this `raise` is your own"),
    ("ValueError", "shapes cannot be multiplied", (RAISES, 2), (RAISES,), "this `raise` is your own"),
    ("SystemExit", "1", (CALLS, 2), (CALLS,), "use return"),
    ("OSError", "<urlopen error [Errno -3] Temporary failure in name resolution>", (CALLS, 2), (CALLS,), "no internet"),
    ("TypeError", "sum(): argument 'input' (position 1) must be Tensor, not list", (SUMS, 2),
     ("from torch import *", SUMS), "`sum` is no longer Python's own since `from torch import *`"),
    ("TypeError", "'float' object cannot be interpreted as an integer", (SUMS, 2), ("from numpy import *", SUMS),
     "since `from numpy import *`"),
    ("TypeError", "sum(): argument 'input' (position 1) must be Tensor, not list", (SUMS, 2),
     ("from torch import *", "from builtins import sum", SUMS), ""),
    ("TypeError", "sum(): argument 'input' (position 1) must be Tensor, not list", (SUMS, 2), (SUMS,), ""),
    ("TypeError", "'float' object cannot be interpreted as an integer", (ROWS, 2), ("from numpy import *", ROWS), ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "place", "cells", "says"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_a_cause_is_told_only_if_it_is_certain(
    kind: str, text: str, place: tuple[str, int], cells: tuple[str | tuple[str, str], ...], says: str
) -> None:
    """The line is the student's own, the hint is what these words of the exception can only mean, or empty."""
    code, line = place
    given_ = words(kind, text, at(code, line), facts(*cells))
    quoted = code.split("\n")[line - 1].strip()
    assert given_.message == f"`f` raised {kind} in line {line} of its cell: `{quoted}`."
    assert (says in given_.hint) if says else given_.hint == ""
    assert SECRET[:5] not in f"{given_}"


def test_what_a_library_raises_by_class_alone_is_not_explained() -> None:
    """A KeyError from inside torch is no dictionary of the student's."""
    assert words("KeyError", "'x'", at(USES, 2, last=False), facts(USES)).hint == ""
    assert words("IndexError", "?", at(USES, 2, last=False), facts(USES)).hint == ""


def test_a_wrong_signature_is_told_apart_from_an_error_inside() -> None:
    """Only a call that did not get into the function is about its arguments."""
    text = "f() takes 1 positional argument but 2 were given"
    assert "arguments that the task lists" in words("TypeError", text, {}, facts(USES)).hint
    assert words("TypeError", text, at(USES, 2), facts(USES)).hint == ""


@pytest.mark.parametrize(("what", "text", "said"), [
    ("f", "f() takes 1 positional argument but 2 were given", True),
    ("f", "helper() missing 1 required positional argument: 'y'", False),  # of code without a line of the notebook
    ("Net(...)", "Net.forward() takes 2 positional arguments but 3 were given", True),
    ("Net(...)", "linear() got an unexpected keyword argument 'n'", False),
    ("Net", "Net.__init__() missing 1 required positional argument: 'd'", True),
    ("Net(...).generate", "Net.generate() missing 1 required positional argument: 'ids'", True),
    ("Net(...).double", "Net._apply() takes 1 positional argument but 2 were given", False),
])  # fmt: skip
def test_only_the_function_that_a_check_calls_is_held_to_its_arguments(what: str, text: str, said: bool) -> None:
    """Python names whose arguments it refused; those of anything further in are not the task's."""
    assert ("arguments that the task lists" in words("TypeError", text, {}, facts(USES, NET), what).hint) is said


def test_the_function_in_which_it_happened_is_named() -> None:
    """An error further in names that function, a method with its class; a call of the check's own is never named."""
    assert words("ValueError", "", at(HELPER, 2), facts(HELPER, CALLS)).message == (
        "`f` raised ValueError in `helper`, in line 2 of its cell: `return x`."
    )
    for what in ("Net(...)", "Net(...).double", "module.import_module", "it", "function", "the optimizer"):
        told_ = words("ValueError", "", at(NET, 3), facts(NET), what).message
        assert told_ == "`forward` of `Net` raised ValueError in line 3 of its cell: `return x @ x`."
    assert words("ValueError", "", {}, facts(NET), "Net(...).double").message == "What `Net` gives raised ValueError."
    assert words("ValueError", "", {}, facts(NET), "module.import_module").message == "Your code raised ValueError."


def test_what_an_object_lacks_is_told_without_an_exception() -> None:
    """An attribute that the task asks for is named; what a check needs of a module is not."""
    text = "'Net' object has no attribute 'blocks'"
    assert words("AttributeError", text, {}, facts(), "Net(...).blocks").message == (
        "What `Net` gives has no attribute `blocks`."
    )
    text = "'Net' object has no attribute 'double'"
    assert "no module" in words("AttributeError", text, {}, facts(), "Net(...).double").message
    forged = words("AttributeError", f"'Net' object has no attribute '{SECRET[:5]}'", {}, facts(), "Net(...).blocks")
    assert SECRET[:5] not in str(forged)


@pytest.mark.parametrize(("ours", "says"), [
    ("weights", "other names or shapes"), ("no gradient", "carries no gradient"), ("no tensor", "is no tensor"),
    ("shape", "another shape"),
])  # fmt: skip
def test_what_is_no_exception_of_the_answer_is_not_called_one(ours: str, says: str) -> None:
    """A result that cannot be differentiated is described as such."""
    message = words("RuntimeError", "", {"ours": ours}, facts(), "Net(...)").message
    assert says in message
    assert "raised" not in message


def test_a_missing_name_is_traced_to_the_cell_that_stopped() -> None:
    """The cell that failed above its def is named; without one, the usual words."""
    stopped = facts(("import jax\ndef f(x):\n    return x", "ModuleNotFoundError: No module named 'jax'"))
    assert "begins with `import jax`, stopped with ModuleNotFoundError" in missing("f", stopped).hint
    assert "did not run to its end" in missing("f", Facts.of([("a", "def f(): pass", "died", "out of memory")])).hint
    assert "deleted" in missing("f", facts("def f(): pass", "del f")).hint
    assert missing("f").hint == "define it under exactly this name, outside any function"


def test_a_line_that_is_not_in_the_submission_is_not_shown() -> None:
    """The report only points; a line that it makes up, or one that could be several, is left out."""
    forged = {"cell": SECRET, "code": digest(SECRET), "line": 2, "last": True}
    assert words("ValueError", SECRET, forged, facts(USES)).message == "`f` raised ValueError."
    twice = at("def f(x):\n    return x", 2, cell="?")
    many = facts("def f(x):\n    return x", "def g(x):\n    return x")
    assert words("ValueError", "", twice, many).message == "`f` raised ValueError."


def test_the_place_holds_with_magics_and_empty_lines() -> None:
    """What Jupyter does to a cell before Python reads it does not move the line."""
    cell = "\n\n%time x = 1\ndef f(x):\n    return x + 1"
    seen = {"cell": "as run", "code": digest("return x + 1"), "line": 3, "last": True}
    assert "in line 5 of its cell: `return x + 1`" in words("ValueError", "", seen, facts(cell)).message


def test_a_long_line_is_cut_and_kept_on_one_line() -> None:
    """At most so many characters of a line are quoted, none of them a control character or a backtick."""
    line = "return x  # " + "`\x1b\t" * 300
    cell = f"def f(x):\n    {line}"
    message = words("ValueError", "", at(cell, 2), facts(cell)).message
    assert len(message) < 200
    assert not re.search(r"[\x00-\x1f]", message)
    assert message.count("`") == 4


def test_the_servant_tells_the_line_of_the_notebook() -> None:
    """The innermost line of the notebook's own code, as digests; whether a library went on from there."""
    import linecache

    code = "import json\ndef f(x):\n    return json.loads(x)\ndef g(x):\n    return f(x)"
    space: dict[str, Any] = {}
    linecache.cache["<a cell>"] = (1, None, [line + "\n" for line in code.split("\n")], "<a cell>")
    exec(compile(code, "<a cell>", "exec"), space)

    class Port:
        def request(self, message: dict[str, Any]) -> dict[str, Any]:
            from autograder.guest.wire import pack, unpack

            reply: dict[str, Any] = unpack(Servant(space).handle(pack(message)))
            return reply

    check = Check("c", "i", 1.0, "Claim.", lambda student, draw: student.g("{"))
    result = run_check(check, Student(Port()), 1, facts("x = 1", code))
    assert result.message == "`g` raised an exception in `f`, in line 3 of its cell: `return json.loads(x)`."
    assert result.hint == ""


def read(grade: Grade) -> str:
    """What the student reads of the first item."""
    return "\n".join(f"{c.message} {c.hint}" for c in grade.items[0].checks if c.message)


def test_a_student_reads_what_happened_in_which_line(grader: Grader) -> None:
    """Graded for real: the line is the student's own, and a library that asks for a GPU is no assert of theirs."""
    answer = "def tempered_softmax(z, tau):\n    z = z.to('cuda')\n    return torch.softmax(z / tau, -1)"
    told_ = read(grader.grade(grader.demo.solved(tempered_softmax=answer)))
    assert "in line 2 of its cell: `z = z.to('cuda')`." in told_
    assert "there is no GPU" in told_
    assert "assert of your own" not in told_


def test_a_student_reads_where_a_file_beside_the_notebook_raised(grader: Grader) -> None:
    """Graded for real: a line of a file that was handed in, and what a file cannot see."""
    demo = grader.demo
    answer = "from helpers import softly\ndef tempered_softmax(z, tau):\n    return softly(z, tau)"
    submission = demo.hand_in("someone", demo.solved(tempered_softmax=answer))
    beside = submission.path.parent / "helpers.py"
    beside.write_text("import math\n\ndef softly(z, tau):\n    return torch.softmax(z / tau, -1)")
    grade = grade_submission(grader.course, submission, 1)
    told_ = next(c for c in grade.items[0].checks if c.message)
    assert told_.message == (
        "`tempered_softmax` raised NameError in `softly`, in line 4 of the file `helpers.py`: "
        "`return torch.softmax(z / tau, -1)`."
    )
    assert told_.hint == "a file knows what it imports and defines itself, and none of the notebook's names"
    shown = r"`tempered_softmax`, where `z` is a tensor \(\d+.*\) of float\d+, `tau` is a number\."
    assert re.fullmatch(shown, told_.given)


def test_a_student_reads_a_syntax_error_at_its_item(grader: Grader) -> None:
    """Graded for real: the line that Python cannot read, at each check of that item, and nowhere a name of ours."""
    grade = grader.grade(grader.demo.solved(tempered_softmax="def tempered_softmax(z, tau):\n    retrun z"))
    messages = {check.message for check in grade.items[0].checks}
    assert messages == {
        "`tempered_softmax` is not defined: its cell is no valid Python: line 2, `retrun z` (invalid syntax)."
    }


def test_a_lambda_has_a_name(grader: Grader) -> None:
    """Graded for real: a function without def is called as it was named, deep inside torch or not."""
    answer = "tempered_softmax = lambda z, tau: torch.cat([z, tau])"
    told_ = read(grader.grade(grader.demo.solved(tempered_softmax=answer)))
    assert "`tempered_softmax` raised TypeError in line 1 of its cell: `tempered_softmax = lambda" in told_


def test_a_student_reads_which_cell_changed_a_name(grader: Grader) -> None:
    """Graded for real: the later cell is named, by how it begins."""
    notebook = grader.demo.solved()
    notebook["cells"].append(own_cell("later", "# a note\ntorch = 'a word'"))
    told_ = read(grader.grade(notebook))
    assert "`torch` is overwritten further down, in the cell that begins with `# a note`" in told_


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(["type", "text", "where", "built_in", "cell", "code", "line", "last", "ours"])


@given(st.dictionaries(KEYS, ANYTHING | st.sampled_from([digest("return torch.softmax(x, -1)"), 2, True])))
def test_no_report_breaks_the_words(seen: dict[str, Any]) -> None:
    """Whatever the student's process reports, there is a message, and it quotes nothing of the report."""
    kind, text = str(seen.get("type", "")), str(seen.get("text", ""))[:500]
    given_ = told(StudentRaised("f", kind, text, "", str(seen.get("built_in", "")), seen), facts(IMPORTS, USES))
    assert given_.message


@pytest.mark.parametrize("source", [
    "(" * 5000, "-" * 20_000 + "1", "x = 1\n" * 9000, "\x00", "def f(:", "%%html\n<p>", "?" * 40_000,
    " " * 49_000 + "x",
    "x" + " " * 49_000 + "y", "[" * 90 + "]" * 90,
    "f(" * 80 + ")" * 80, "\ud800 = 1", "if x:\n  y = 1\n\tz = 2",
])  # fmt: skip
def test_any_source_is_read_in_bounded_time(source: str) -> None:
    """A cell that is no Python, or a trap for whoever reads it, is one without names."""
    known = facts(source, CALLS)
    assert words("NameError", "name 'helper' is not defined", at(CALLS, 2), known).message
    assert known.first_line(0) is not None
