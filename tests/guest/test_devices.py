"""What counts as a meeting of two devices, where inputs go then, and how much of a GPU's memory torch may take. That it
works with a real second device shows tests/sandbox/test_two_devices.py."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from autograder.guest.devices import bound_memory, follow, other_place, place_of

CPU, META = torch.device("cpu"), torch.device("meta")
GPU = torch.device("cuda:1")  # a name needs none
# As torch 2.6 to 2.13 say it.
MIXED = [
    RuntimeError("Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"),
    RuntimeError("Expected all tensors to be on the same device, but got mat2 is on cuda:0, different from other "
                 "tensors on cpu (when checking argument in method wrapper_CUDA_mm)"),
    RuntimeError("Input type (torch.FloatTensor) and weight type (torch.cuda.FloatTensor) should be the same or input "
                 "should be a MKLDNN tensor and weight is a dense tensor"),
    RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cpu)"),
    TypeError("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory "
              "first."),
]  # fmt: skip
ELSE = [
    RuntimeError("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"),
    TypeError("unsupported operand type(s) for +: 'int' and 'str'"),
    KeyError("on the same device"),
]


@pytest.mark.parametrize("error", MIXED, ids=str)
def test_inputs_go_elsewhere_when_two_devices_met(error: Exception) -> None:
    """From the CPU to the device that shows in the variables, and from anywhere else back to the CPU."""
    assert other_place(error, None, [{"n": 3, "device": GPU}]) == GPU
    assert other_place(error, None, [{"n": 3}, {"x": [1, GPU]}]) == GPU
    assert other_place(error, GPU, [{}]) == CPU
    assert other_place(error, None, [{"n": 3, "w": torch.ones(2), "m": torch.nn.Linear(2, 2)}]) is None


@pytest.mark.parametrize("error", ELSE, ids=str)
def test_any_other_exception_is_the_answer(error: Exception) -> None:
    """Nothing is called a second time for it."""
    assert other_place(error, None, [{"device": GPU}]) is None


def test_what_lies_on_the_cpu_or_nowhere_shows_no_place() -> None:
    """Tensors without data are no place to put hidden inputs."""
    empty = torch.nn.Linear(2, 2, device=META)
    assert place_of([torch.ones(2), empty, META, CPU, print, 3, None, "cuda"]) is None
    assert place_of([torch.ones(2), SimpleNamespace(device=GPU)]) == GPU
    assert place_of([empty.forward, [GPU]]) == GPU


class Odd(torch.nn.Module):
    """Its own `parameters` wants arguments."""

    def parameters(self, rows: int, columns: int) -> int:  # type: ignore[override]
        return rows * columns


class Touchy:
    """It raises whatever is asked of it."""

    def __getattribute__(self, name: str) -> object:
        raise ValueError(name)


def test_objects_that_answer_oddly_show_no_place() -> None:
    """A method that happens to be called `parameters` costs nobody a call."""
    assert place_of([Odd(), Touchy(), [Touchy()], GPU]) == GPU
    assert place_of([Odd(), Touchy(), [Touchy()]]) is None


def test_inputs_keep_their_form() -> None:
    """Tensors move, whatever they lie in; whether a gradient is wanted goes along, and the rest stays as it is."""
    given = [torch.ones(2, requires_grad=True), (torch.arange(3), {"a": torch.ones(1)}), 4, "b", None]
    first, (second, third), *others = follow(given, META)
    assert [one.device for one in (first, second, third["a"])] == [META] * 3
    assert (first.requires_grad, first.is_leaf, second.requires_grad) == (True, True, False)
    assert others == [4, "b", None]
    assert follow(given, None) is given


def test_torch_is_held_to_its_memory_when_cuda_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before: a notebook that needs no GPU pays nothing. Of a small slice it may have all."""
    calls: list[tuple[object, object]] = []
    asked: list[float] = []
    monkeypatch.setattr(torch.cuda, "_queued_calls", calls)
    monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", asked.append)
    for whole in (64, 4):
        bound_memory(16 * 1024)
        monkeypatch.setattr(
            torch.cuda, "get_device_properties", lambda _, whole=whole: SimpleNamespace(total_memory=whole * 2**30)
        )
        assert not asked
        calls.pop()[0]()  # type: ignore[operator]
        assert asked.pop() == min(1.0, 16 / whole)
