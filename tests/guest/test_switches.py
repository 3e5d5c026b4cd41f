"""What a later cell leaves on or off in the whole process costs a right answer nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judge import Student
from autograder.sandbox.client import Zygote
from tests.support import ran, statuses, student

pytest_plugins = ["tests.courses"]

ANSWERS = """
import torch, numpy as np, warnings, decimal, os
from torch import nn

def double(x):
    print("doubling", type(x).__name__)
    return sum([x, x])

def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)

def tiny(x):
    warnings.warn("this may underflow")
    return np.exp(-np.asarray(x) * 1000.0)

def fresh(n):
    return torch.zeros(n) + torch.ones(n)

def shown(x):
    return repr(x), str(decimal.Decimal(1) / 3), f"{1234.5:n}", os.path.exists("here.txt")

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x):
        return self.layer(x)

open("here.txt", "w").close()
"""

TRACED = """
import sys
def spoil(frame, event, arg):
    if frame.f_code.co_name in ("double", "forward", "fresh"):
        raise ValueError("left on")
"""

SWITCHES = {
    "gradients off": "torch.set_grad_enabled(False)",
    "no_grad never left": "torch.no_grad().__enter__()",
    "inference mode never left": "mode = torch.inference_mode()\nmode.__enter__()",
    "default dtype float64": "torch.set_default_dtype(torch.float64)",
    "default dtype float16": "torch.set_default_dtype(torch.float16)",
    "default tensor type": "torch.set_default_tensor_type(torch.DoubleTensor)",
    "default device meta": "torch.set_default_device('meta')",
    "device never left": "torch.device('meta').__enter__()",
    "function mode never left": """
from torch.overrides import TorchFunctionMode
class Wrong(TorchFunctionMode):
    def __torch_function__(self, f, types, args=(), kwargs=None):
        raise ValueError("left on")
Wrong().__enter__()""",
    "dispatch mode never left": """
from torch.utils._python_dispatch import TorchDispatchMode
class Wrong(TorchDispatchMode):
    def __torch_dispatch__(self, f, types, args=(), kwargs=None):
        raise ValueError("left on")
Wrong().__enter__()""",
    "autocast never left": "torch.autocast('cpu', torch.bfloat16).__enter__()",
    "anomaly mode": "torch.autograd.set_detect_anomaly(True)",
    "deterministic algorithms": "torch.use_deterministic_algorithms(True)",
    "matmul precision": "torch.set_float32_matmul_precision('medium')",
    "forward hooks": """
def hook(*args):
    raise ValueError("left on")
torch.nn.modules.module.register_module_forward_hook(hook)
torch.nn.modules.module.register_module_forward_pre_hook(hook)""",
    "torch prints": "torch.set_printoptions(precision=1, sci_mode=True)",
    "numpy raises": "np.seterr(all='raise')",
    "numpy calls": "np.seterrcall(lambda *args: 1 / 0)\nnp.seterr(all='call')",
    "numpy prints": "np.set_printoptions(precision=1)",
    "warnings are errors": "warnings.simplefilter('error')",
    "recursion limit": "import sys\nsys.setrecursionlimit(60)",
    "tracing": TRACED + "sys.settrace(spoil)",
    "profiling": TRACED + "sys.setprofile(spoil)",
    "alarm": """
import signal
def ring(*args): raise TimeoutError("left on")
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.3, 0.05)""",
    "children ignored": "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "signals blocked": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
    "soft limits": "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, resource.getrlimit(7)[1]))",
    "decimals": "decimal.getcontext().prec = 2",
    "print is gone": "import builtins\nbuiltins.print = None",
    "sum is another": "import builtins\nbuiltins.sum = builtins.zip = builtins.sorted = lambda *args: 1 / 0",
    "names of torch are gone": "torch.tensor = torch.as_tensor = torch.manual_seed = torch.autograd.grad = None",
    "names of numpy are gone": "np.seterr = np.geterr = np.frombuffer = np.ndarray = np.random.seed = None",
    "folder removed": "os.mkdir('deep')\nos.chdir('deep')\nos.rmdir('../deep')",
    "folder changed": "os.chdir('/')",
    "dump later": "import faulthandler\nfaulthandler.dump_traceback_later(0.3, exit=True)",
}


def replies(one: Student) -> list[Any]:
    """What a check may see of these answers."""
    x = torch.tensor([[0.1, -2.0, 3.25]])
    one.seed(3)
    model = one.Net()
    before = model.parameters()
    model.load({name: torch.full_like(value, 0.3) for name, value in before.items()})
    results: list[Any] = [one.double(x), one.depth(120), one.tiny(np.array([0.0, 1.0, 2.0])), one.fresh(3)]
    results += [one.shown(np.array([0.123456])), one.shown(x)]
    results += [one.vjp("double", [x], [torch.ones(1, 3)]), model(x), list(before)]
    results.append(model.parameter_gradients([x], [torch.ones(1, 2)]))
    return results


def alike(a: Any, b: Any) -> bool:
    """Bit for bit, types and all."""
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, torch.Tensor):
        return bool(a.dtype == b.dtype and a.requires_grad == b.requires_grad and torch.equal(a, b))
    return bool(np.array_equal(a, b)) if isinstance(a, np.ndarray) else bool(a == b)


@pytest.fixture(scope="module")
def compiler_at_hand(sandbox: str) -> Iterator[Zygote]:
    """A warm process with what these answers use, which each fork would have to import anew."""
    with Zygote(sandbox, modules=("torch._dynamo",)) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def usual(compiler_at_hand: Zygote) -> list[Any]:
    """The replies when nothing was left on."""
    with ran(compiler_at_hand, ANSWERS) as session, student(session) as one:
        return replies(one)


@pytest.mark.parametrize("name", SWITCHES)
def test_right_answers_get_right_replies(name: str, compiler_at_hand: Zygote, usual: list[Any]) -> None:
    """Whatever the last cell leaves behind in the process, each reply is what it is without that cell."""
    with ran(compiler_at_hand, ANSWERS, SWITCHES[name]) as session:
        assert statuses(session) == ["ok", "ok"]
        with student(session) as one:
            assert alike(replies(one), usual)
