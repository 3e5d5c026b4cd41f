"""What the warm process imports: what a course's notebooks use, and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course, Spec
from autograder.sandbox.client import Zygote
from autograder.sandbox.preload import everything, imported, wanted
from tests.sandbox import backends_here
from tests.support import ran, text

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import torch\n", ("torch",)),
        ("    import a.b as c, d", ("a.b", "d")),
        ("from seq2kit import numeric, pictures as p", ("seq2kit", "seq2kit.numeric", "seq2kit.pictures")),
        ("from seq2kit.clip import (\n    shapes,\n)", ("seq2kit.clip",)),
        ("# import nothing\nimportant = 1\nfromage = 2", ()),
    ],
)
def test_import_lines_name_modules(text: str, names: tuple[str, ...]) -> None:
    """As far as a line alone tells."""
    assert imported(text) == names


def test_only_what_a_text_names_is_imported() -> None:
    """Language models and the compiler behind torch's optimisers cost seconds: they come where a course uses them."""
    assert wanted(["import torch\nimport re\nre.compile('a')"]) == ()
    assert wanted(["optimiser = torch.optim.SGD(w, lr=0.1)"]) == ("torch._dynamo",)
    assert "transformers" in wanted(["", "if x:\n    from transformers import BertModel"])
    assert wanted(["transformers = shell.ast_transformers  # not transformers"]) == ()
    assert set(wanted(["from seq2kit import numeric\nimport os"])) == {"seq2kit", "seq2kit.numeric"}
    assert {"seq2kit.clip.models", "torch._dynamo", "transformers"} <= set(everything())


_LATE = """
import sys
from autograder.sandbox.preload import imported, preload, wanted
texts = [open(path, encoding="utf-8").read() for path in sys.argv[1:]]
preload(wanted(texts))
before = set(sys.modules)
for name in dict.fromkeys(name for text in texts for name in imported(text)):
    try:
        __import__(name)
    except ImportError:
        pass
print(*sorted(set(sys.modules) - before))
"""


_NOTHING = """
import sys
from autograder.sandbox.preload import preload
assert preload(("seq2kit.ready",)) == []
print(*{"transformers", "torch._dynamo"} & set(sys.modules))
"""


def test_what_every_notebook_needs_is_light() -> None:
    """No language models and no compiler: a notebook that wants neither is forked from a smaller process."""
    done = subprocess.run([sys.executable, "-c", _NOTHING], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_a_fork_imports_nothing_heavy_anew() -> None:
    """Each submission would, at its own cost."""
    notebooks = sorted(map(str, ROOT.glob("assignments/*/notebook/*.py")))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _LATE, *notebooks], capture_output=True, text=True, timeout=300, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    late = {name.partition(".")[0] for name in done.stdout.split()}
    assert not late & {"torch", "transformers", "seq2kit", "numpy", "matplotlib", "sympy", "IPython"}, late


def test_a_course_without_optimisers_waits_for_none(tmp_path: Path) -> None:
    """Its warm process is there sooner, and its forks cost less."""
    with Course.open(Spec(ROOT, sandbox="none")) as here, Course.open(Spec(tmp_path, sandbox="none")) as empty:
        assert "transformers" in (here.zygote._modules or ())
        assert empty.zygote._modules == ()


def test_who_grades_one_assignment_waits_for_no_other() -> None:
    """What only others of the course import is left to their own notebooks, should any be run."""
    with Course.open(Spec(ROOT, sandbox="none"), ("rnn_backprop",)) as course:
        modules = course.zygote._modules or ()
    assert "seq2kit.rnn" in modules
    assert not [name for name in modules if name.startswith(("seq2kit.clip", "seq2kit.llm", "transformers"))]


_FAILING = """import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
def fail(depth):
    return fail(depth - 1) if depth else {}["nothing"]
fail(2)"""
_FOUND = """import inspect, sys
print(*sys.modules)
print(fail.__code__.co_filename in inspect.modulesbyfile)
print(*getattr(get_ipython().history_manager, "exceptions", {}).values())"""
_WARM = """import inspect, sys
from autograder.sandbox.preload import preload
preload(())
import stack_data
print(*sys.modules)
print(stack_data.__file__ in inspect.modulesbyfile)"""


def test_an_error_and_a_figure_find_everything_done() -> None:
    """Nearly every class has notebooks that show an error. A kernel imports a dozen modules for its first, looks up the
    files of all modules, at each frame again, and writes the error a second time."""
    done = subprocess.run([sys.executable, "-c", _WARM], capture_output=True, text=True, check=True, cwd=ROOT)
    warm, looked_up = done.stdout.splitlines()
    with Zygote(backends_here()[0], modules=()) as zygote, ran(zygote, _FAILING, _FOUND) as session:
        shown = "\n".join(session.execution.notebook["cells"][0]["outputs"][-1]["traceback"])
        modules, cell_known, kept = text(session).splitlines()
    late = {name.partition(".")[0] for name in set(modules.split()) - set(warm.split())}
    assert not late & {"IPython", "ipykernel", "pygments", "stack_data", "executing", "asttokens", "matplotlib", "pdb"}
    assert (looked_up, cell_known) == ("True", "True")
    assert "nothing" not in kept
    assert shown.count("return") >= 3, "the frames of cells are shown, each with its lines"
