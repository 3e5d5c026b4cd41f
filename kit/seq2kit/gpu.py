"""Larger runs on a GPU: what they cost, known before one is there, and how a model gets there and comes home.

Whoever trains need not know about devices. `placed` moves a model; its inputs follow, and what it answers comes home.
So a training loop, a student's too, keeps its batches, targets and generators where they are: on the CPU.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from seq2kit import checkpoints
from seq2kit.profiles import VARIABLE, profile

T = TypeVar("T")
FOLDER = "checkpoints-gpu"
HOME = torch.device("cpu")
META = torch.device("meta")  # tensors with a shape and no numbers: nothing is computed, nothing needs memory
_ADAM = 4  # numbers kept for each parameter: itself, its gradient, two running means


@dataclass(frozen=True)
class Cost:
    """What one update takes. parameters: numbers that are trained; flops: of the matrix products, forwards and
    backwards; memory: bytes of parameters, gradients, Adam's means, and what the backward pass needs of the forward
    pass."""

    parameters: int
    flops: float
    memory: float


@dataclass(frozen=True)
class Size:
    """One run for a GPU, as plain data. model: arguments of the model; batch: sequences in an update, `updates` of
    them; rate: the highest learning rate; cost: of one update of full length, as `cost` tells it."""

    model: Mapping[str, Any]
    batch: int
    updates: int
    rate: float
    cost: Cost

    @property
    def flops(self) -> float:
        """Of the whole run."""
        return self.updates * self.cost.flops

    def __str__(self) -> str:
        gigabytes = self.cost.memory / 1e9
        return (
            f"{self.cost.parameters:,} parameters, {self.updates:,} updates of {self.batch:,} sequences, "
            f"{self.flops:.1e} FLOPs, {gigabytes:.1f} GB"
        )


def cost(model: nn.Module, answer: Callable[[nn.Module], Tensor]) -> Cost:
    """What an update of the model costs, found without a GPU: on the meta device, where a tensor has a shape alone.

    model: is moved there and loses its numbers; a large one is best built inside `with gpu.META:`. answer: calls it on
    inputs of the meta device (`ids`, or torch.zeros(..., device="meta")). An input or mask that stays on the CPU is
    an error here, as it would be on a GPU."""
    model.to(META).train()
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept.setdefault(tensor.untyped_storage()._cdata, tensor)
        return tensor

    # the plain kernel: the fused ones hide their products from the counter
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            said = answer(model)
        said.sum().backward()
    own = {parameter.untyped_storage()._cdata for parameter in model.parameters()}
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    states = sum(tensor.untyped_storage().nbytes() for key, tensor in kept.items() if key not in own)
    weights = sum(parameter.numel() * parameter.element_size() for parameter in trained)
    return Cost(sum(map(Tensor.numel, trained)), float(counter.get_total_flops()), float(_ADAM * weights + states))


def ids(*shape: int) -> Tensor:
    """Token numbers of this shape on the meta device."""
    return torch.zeros(shape, dtype=torch.int64, device=META)


def device() -> torch.device | None:
    """The GPU, in the profile `gpu` and where there is one; else None."""
    return torch.device("cuda") if profile() == "gpu" and torch.cuda.is_available() else None


@contextmanager
def placed(model: nn.Module, where: torch.device | None) -> Iterator[nn.Module]:
    """The model on the device `where`, to be trained or asked inside the block, and on the CPU again after it.

    Tensors that it is called with are moved to it, whatever tuples, lists and tables they stand in, and those that it
    answers with are moved home. With None it stays where it is."""
    if where is None:
        yield model
        return

    def follow(_: nn.Module, args: Any, named: Any) -> tuple[Any, Any]:
        return moved(args, where), moved(named, where)

    hooks = (
        model.register_forward_pre_hook(follow, with_kwargs=True),
        model.register_forward_hook(lambda _, args, answer: moved(answer, HOME)),
    )
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high")  # TensorFloat-32, where the GPU has it
    try:
        yield model.to(where)
    finally:
        torch.set_float32_matmul_precision(before)
        for hook in hooks:
            hook.remove()
        model.to(HOME)


def moved(value: Any, where: torch.device) -> Any:
    """The same with each tensor on this device; what holds no tensor is left as it is."""
    if isinstance(value, Tensor):
        return value.to(where)
    if isinstance(value, dict):
        return {key: moved(part, where) for key, part in value.items()}
    if type(value) in (tuple, list):
        return type(value)(moved(part, where) for part in value)
    return value


def larger(sizes: Mapping[str, Size], work: Callable[[torch.device | None], T]) -> T | None:
    """`work(device)` in the profile `gpu`, with its checkpoints in a folder of their own; elsewhere words about it.

    sizes: name of the checkpoint -> what is trained. Nothing is trained without a GPU or in the grader; where all
    checkpoints are there (brought from a machine with a GPU), `work(None)` loads them."""
    with checkpoints.kept_in(FOLDER):
        ready, where = all(map(checkpoints.exists, sizes)), device()
        if profile() == "gpu" and (ready or (where and checkpoints.may_train())):
            return work(where)
    for name, size in sizes.items():
        print(f"{name}: {size}")
    total = sum(size.flops for size in sizes.values())
    print(f"At 10 TFLOP/s that is {max(1, math.ceil(total / 6e14))} min or more: small layers keep a GPU waiting.")
    why = f"set {VARIABLE}=gpu before you start Jupyter" if profile() != "gpu" else "torch finds no GPU here"
    print(f"Not trained: {why}.")
    return None
