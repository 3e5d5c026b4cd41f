"""Which GPUs and slices there are, that one submission has one at a time, and who else is on it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox.slices import Slice, Slices, find_slices, held_by_others
from autograder.sandbox.view import View, with_gpu
from tests.gpus import Machine, machine

# As the driver's own documentation shows them (NVIDIA MIG user guide, "Device nodes and capabilities").
WHOLE, CUT = "GPU-11111111-aaaa", "GPU-22222222-bbbb"
LIST = f"""GPU 0: NVIDIA A100-SXM4-40GB (UUID: {WHOLE})
GPU 1: NVIDIA A100-SXM4-40GB (UUID: {CUT})
  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
  MIG 2g.10gb     Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)
"""
SLICES = [WHOLE, "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f", "MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb"]
ACCESS = {
    "mig/config": 1, "mig/gi1/access": 12, "mig/gi1/ci0/access": 13, "mig/gi2/access": 21, "mig/gi2/ci0/access": 22,
}  # fmt: skip


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    """The files of a driver with a whole GPU and one that is cut into two."""
    for minor, uuid in enumerate((WHOLE, CUT)):
        about = tmp_path / f"proc/driver/nvidia/gpus/0000:{minor}7:00.0/information"
        about.parent.mkdir(parents=True)
        about.write_text(f"Model: \t\t NVIDIA A100-SXM4-40GB\nGPU UUID: \t {uuid}\nDevice Minor: \t {minor}\n")
    for name, number in ACCESS.items():
        path = tmp_path / "proc/driver/nvidia/capabilities/gpu1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"DeviceFileMinor: {number}\nDeviceFileMode: 292\nDeviceFileModify: 1\n")
    return tmp_path


@pytest.fixture
def shown(driver: Path) -> Path:
    """What nvidia-smi shows of it. Returns the root of its files."""
    with machine(driver) as there:
        there.list(LIST)
        yield driver


def test_a_slice_is_a_gpu_or_a_part_of_one(shown: Path) -> None:
    """A GPU that is cut is none itself; its parts need the files that the driver names, and none to cut it anew."""
    whole, *parts = find_slices(root=shown)
    assert [whole.name, *(part.name for part in parts)] == SLICES
    assert whole.nodes == ("/dev/nvidia0",)
    both = ("/dev/nvidia1", *(f"/dev/nvidia-caps/nvidia-cap{number}" for number in (12, 13, 21, 22)))
    assert [part.nodes for part in parts] == [both, both]
    assert [one.gpu for one in (whole, *parts)] == [WHOLE, "", ""]


def test_only_what_is_visible_is_given_away(shown: Path) -> None:
    """As CUDA_VISIBLE_DEVICES says, also where it says numbers, of which nobody knows the files."""
    assert [one.name for one in find_slices(SLICES[2], shown)] == [SLICES[2]]
    assert find_slices("1, 0", shown) == (Slice("1"), Slice("0"))


def test_without_nvidia_smi_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked for CUDA has a GPU; how many, nobody says."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_slices() == find_slices("") == (Slice("0"),)


def test_a_sandbox_shows_its_own_gpu_only() -> None:
    """Where its files are known; where not, those of all."""
    bare = View((), (), ("/dev/null",), (), ())
    assert with_gpu(bare, ("/dev/zero", "/dev/not there")).devices == ("/dev/null", "/dev/zero")
    assert with_gpu(bare, ()).devices[:1] == ("/dev/null",)


def test_nobody_has_a_slice_that_another_has(tmp_path: Path) -> None:
    """Not in the same grader, and not in another one; who waits gets it when it is free."""
    with machine(tmp_path) as there:
        ours, theirs = (Slices(find_slices()) for _ in range(2))
    one, held = ours.take(lambda: False)
    assert one.name == there.uuids[0]
    looks = iter(range(5))
    for slices in (ours, theirs):
        with pytest.raises(SandboxError, match="awaited"):
            slices.take(lambda: next(looks) % 2 == 1)
    got: list[Slice] = []
    waiting = threading.Thread(target=lambda: got.append(theirs.take(lambda: False)[0]))
    waiting.start()
    ours.give_back(one, held)
    waiting.join(60)
    assert got == [one]


def test_what_others_hold_is_told_from_ones_own(tmp_path: Path) -> None:
    """Memory of this process and of those it started is its own, that of any other is not."""
    with machine(tmp_path) as there:
        (one,) = find_slices()
        assert held_by_others(one) == 0
        there.hold((os.getpid(), 700), (1, 30_000))
        assert held_by_others(one) == 30_000
        there.hold((os.getpid(), 700))
        assert held_by_others(one) == 0
        assert held_by_others(Slice("MIG-part")) == 0


def test_words_of_another_form_are_no_neighbours(tmp_path: Path) -> None:
    """nvidia-smi says `[N/A]` where it may not tell, and sentences where it cannot."""
    with machine(tmp_path) as there:
        (one,) = find_slices()
        (tmp_path / "apps").write_text(f"{one.gpu}, 1, [N/A]\nNo running processes found\n\n")
        assert held_by_others(one) == 0
        assert isinstance(there, Machine)
