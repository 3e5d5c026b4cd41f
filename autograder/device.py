"""Which device submissions compute on: what the command line asks for, the assignments want, and the machine has."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.errors import Seq2gradeError

DEVICES = ("auto", "cpu", "cuda")
_OR_CPU = "`--device cpu` does without a GPU; `seq2grade doctor` says what this machine offers"


def missing() -> str:
    """Why there is no CUDA here, as half a sentence; "" where there is."""
    import torch  # takes seconds, which who asks for the CPU need not wait

    if torch.cuda.is_available():
        return ""
    if torch.version.cuda is None:
        return f"torch {torch.__version__} was built without CUDA: install a build of torch with CUDA"
    return (
        f"torch {torch.__version__} finds no GPU for its CUDA {torch.version.cuda}: "
        "look at the driver (nvidia-smi) and at CUDA_VISIBLE_DEVICES"
    )


def choose(asked: str, wanted: Mapping[str, str]) -> str:
    """`cpu` or `cuda` for a run over these assignments (id -> device of its assignment.toml). `asked` wins unless it
    is auto; auto takes cuda where an assignment wants it, and where all of them may have it and it is there.

    Raises Seq2gradeError when that is no device, is not there, or the assignments want different ones.
    """
    if asked not in DEVICES:
        raise Seq2gradeError(f"no device is called {asked!r}: use auto, cpu or cuda")
    if asked == "cuda" and (reason := missing()):
        raise Seq2gradeError(f"--device cuda: {reason}. {_OR_CPU}.")
    if asked != "auto":
        return asked
    on_gpu, on_cpu = (sorted(name for name, device in wanted.items() if device == kind) for kind in ("cuda", "cpu"))
    if on_gpu and (reason := missing()):
        raise Seq2gradeError(f'{", ".join(on_gpu)}: device = "cuda" in assignment.toml, but {reason}. {_OR_CPU}.')
    if on_gpu and on_cpu:
        raise Seq2gradeError(
            f"{', '.join(on_gpu)} and {', '.join(on_cpu)} want different devices (cuda and cpu): take them one at a "
            "time, or choose with --device"
        )
    return "cuda" if on_gpu or (wanted and not on_cpu and not missing()) else "cpu"


def mismatches(device: str, wanted: Mapping[str, str]) -> list[str]:
    """A line for each assignment that wanted another one than it gets."""
    longer = " There its time limits are longer (`cpu_times`)." if device == "cpu" else ""
    return [
        f'{name} says device = "{other}" in its assignment.toml; it ran on {device}, as --device asked.{longer}'
        for name, other in sorted(wanted.items())
        if other not in ("auto", device)
    ]
