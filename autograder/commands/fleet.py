"""`seq2grade fleet`: workers on other machines."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.shared import HERE, Root, ids_of, out
from autograder.errors import FleetError
from autograder.fleet.stop import Stop, stopped_by_signals

app = typer.Typer(no_args_is_help=True, help="Workers on other machines, for `seq2grade grade --fleet`.")
up = typer.Typer(no_args_is_help=True, help="Start a fleet where you have a cluster.")
app.add_typer(up, name="up")

Workers = Annotated[int, typer.Option(min=1, help="How many workers.")]
Dry = Annotated[bool, typer.Option("--dry", help="Only write the script; start nothing.")]


@app.command()
def keys(
    into: Annotated[
        Path | None, typer.Option(help="The folder; .seq2grade/.fleet/tls of the course when left out.")
    ] = None,
    course: Root = HERE,
) -> None:
    """Make the key that all parts of a fleet hold, and say how a scheduler and workers use it."""
    from autograder.fleet.choose import folder_of
    from autograder.fleet.keys import CERTIFICATE, KEY, make_keys

    folder = make_keys(into if into is not None else folder_of(course.resolve()) / "tls").resolve()
    options = f"--tls-ca-file {folder / CERTIFICATE} --tls-cert {folder / CERTIFICATE} --tls-key {folder / KEY}"
    _print(f"{folder}: for instructors only; whoever has it can run code on every worker.")
    _print(f"dask scheduler --protocol tls --dashboard-address 127.0.0.1:0 {options}")
    _print(f"dask worker tls://HOST:8786 --nthreads 1 --no-dashboard {options}")


@up.command()
def slurm(
    workers: Workers = 1,
    cores: Annotated[int, typer.Option(min=1, help="Submissions side by side in one job.")] = 1,
    memory: Annotated[str, typer.Option(help="Memory of one job.")] = "4GB",
    walltime: Annotated[str, typer.Option(help="HH:MM:SS; jobs that end are submitted anew.")] = "02:00:00",
    partition: Annotated[str, typer.Option(help="Slurm's partition.")] = "",
    account: Annotated[str, typer.Option(help="Slurm's account.")] = "",
    host: Annotated[str, typer.Option(help="Name or address by which jobs reach this machine.")] = "",
    directive: Annotated[list[str] | None, typer.Option(help="A further #SBATCH line; may be repeated.")] = None,
    dry: Dry = False,
    course: Root = HERE,
) -> None:
    """Submit workers to Slurm and keep them up; runs until Ctrl-C. Grade in another shell, with `--fleet slurm`."""
    from autograder.fleet.choose import folder_of, note, quiet
    from autograder.writing import replace_file

    root = course.resolve()
    ids_of(root)
    quiet()
    from autograder.fleet import slurm as fleet

    wanted = fleet.Wanted(workers, cores, memory, walltime, partition, account, host, tuple(directive or ()))
    path = replace_file(folder_of(root) / "slurm.sh", fleet.script(root, wanted), 0o600)
    _print(f"{path}: what is submitted for each of {workers} workers")
    if dry:
        return
    stop, over = Stop(), threading.Event()
    stop.listen(over.set)
    with stopped_by_signals(stop), fleet.up(root, wanted) as address:
        noted = note(root, "slurm", address)
        try:
            _print(f"up at {address}; in another shell: seq2grade grade submitted/ --fleet slurm. Ctrl-C ends it.")
            while not over.wait(1.0):  # in pieces, so that signals are heard
                pass
        finally:
            noted.unlink(missing_ok=True)


@up.command()
def kubernetes(
    image: Annotated[str, typer.Option(help="An image in which seq2grade[fleet] is installed.")],
    claim: Annotated[str, typer.Option(help="The volume claim that holds the course, for many pods at once.")],
    workers: Workers = 1,
    mounted: Annotated[Path, typer.Option(help="Where the course lies in the pods.")] = Path("/course"),
    cpu: Annotated[str, typer.Option(help="Processors of one worker.")] = "1",
    memory: Annotated[str, typer.Option(help="Memory of one worker.")] = "4Gi",
    course: Root = HERE,
) -> None:
    """Write a manifest for the Dask operator, and the key that goes with it; `kubectl` starts it."""
    from autograder.fleet.choose import folder_of, note, quiet
    from autograder.fleet.keys import make_keys
    from autograder.writing import replace_file

    root = course.resolve()
    ids_of(root)
    if not mounted.is_absolute():
        raise FleetError(f"--mounted {mounted}: expected an absolute path")
    quiet()
    from autograder.fleet import kubernetes as fleet

    folder = make_keys(folder_of(root) / "tls")
    path = folder_of(root) / "kubernetes.yaml"
    wanted = fleet.Wanted(workers, image, claim, mounted, cpu=cpu, memory=memory)
    replace_file(path, fleet.manifest(wanted, path, folder), 0o600)
    note(root, "kubernetes", fleet.ADDRESS)
    _print(f"{path}: its first lines say how to start it")


def _print(line: str) -> None:
    out.print(line, markup=False, soft_wrap=True)
