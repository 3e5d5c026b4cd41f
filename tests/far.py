"""A second device, `far`, on a machine that has only a CPU: torch's own way to write one in Python. Its tensors are
really elsewhere: what meets one of the CPU's raises, and none can be read but by a copy. (`torch.tensor(...,
device="far")` is the one thing that torch cannot do there.) Lies beside the notebooks of a test."""

import torch
from torch.utils import _pytree as tree
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

_setup_privateuseone_for_python_backend("far")


class Far(torch.Tensor):
    @staticmethod
    def __new__(cls, inner):
        return torch.Tensor._make_wrapper_subclass(
            cls, inner.size(), strides=inner.stride(), dtype=inner.dtype, device="far:0"
        )

    def __init__(self, inner):
        self.inner = inner

    @classmethod
    def __torch_dispatch__(cls, operation, types, args=(), kwargs=None):
        return run(operation, *args, **(kwargs or {}))


def near(x):
    return x.inner if isinstance(x, Far) else x


def run(operation, *args, **kwargs):
    name = operation.name()
    place = kwargs.get("device")
    if name == "aten::_to_copy":
        kwargs = {key: value for key, value in kwargs.items() if key not in ("device", "pin_memory")}
        copy = operation(near(args[0]), **kwargs)
        stays = isinstance(args[0], Far) if place is None else torch.device(place).type == "far"
        return Far(copy) if stays else copy
    if name.startswith("aten::copy_"):
        operation(near(args[0]), near(args[1]))
        return args[0]
    flat, _ = tree.tree_flatten((args, kwargs))
    if any(isinstance(x, torch.Tensor) and not isinstance(x, Far) and x.dim() for x in flat):
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, far:0 and cpu!"
        )
    if place is not None and torch.device(place).type == "far":
        kwargs = {**kwargs, "device": "cpu"}
    found = operation(*tree.tree_map(near, args), **tree.tree_map(near, kwargs))
    if name.split(".")[0].endswith("_"):
        return args[0]
    return tree.tree_map(lambda x: Far(x) if isinstance(x, torch.Tensor) else x, found)


_operations = torch.library.Library("_", "IMPL")
_operations.fallback(run, dispatch_key="PrivateUse1")
