"""`make fleet`: one class graded undisturbed, then on fleets whose parts are killed, cancelled and cut off.

Each time every submission must have exactly one grade, equal to that of the undisturbed run, in what was kept and in
the gradebook. It takes minutes, so `make test` has only a small part of it (test_remote.py). Slurm and hosts of their
own need root; what cannot be tried is said.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import publish
from autograder.build import new_course
from autograder.fleet.choose import folder_of
from autograder.gradebook.kept import KEPT, students_kept
from autograder.verify import verify
from tests.courses import Demo, write_chain
from tests.fleet import hosts, oneslurm
from tests.support import children

SEED = "7"
_PATIENCE = 3600.0  # seconds for what takes minutes, on a machine that does much else
_SEQ2GRADE = [sys.executable, "-c", "from autograder.cli import main; main()"]
_CLOCKS = ("seconds", "cpu_seconds")
_KINDS: tuple[dict[str, str] | str, ...] = (
    {},
    {"square": "def square(x):\n    return 2 * x"},
    {"length": "def length(x):\n    return square(x).sum()"},
    {"square": "def square(x):\n    raise ValueError(x)"},
    {"length": "def length(x):\n    import os\n    os._exit(3)"},
    "{",
)


@dataclass
class Trial:
    """One fleet, what was done to it, and what came of it."""

    name: str
    count: int
    harmed: list[str] = field(default_factory=list)
    runs: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """For people."""
        ending = "; ".join(self.faults) or f"{self.count} grades, each once, each as undisturbed, gradebook verified"
        return (
            f"{self.name}: {self.seconds:.0f} s, {self.runs} runs, {', '.join(self.harmed) or 'undisturbed'}: {ending}"
        )


def make_class(root: Path, count: int) -> None:
    """A course with `count` submissions, a sixth of each kind, right, wrong and broken."""
    new_course(root)
    settings = write_chain(root) / "assignment.toml"
    text = settings.read_text()
    for short, long in (("cell_seconds = 5", "cell_seconds = 60"), ("total_seconds = 30", "total_seconds = 300"),
                        ("check_seconds = 3", "check_seconds = 60")):  # fmt: skip
        assert short in text
        text = text.replace(short, long)  # it is about what is killed, not about who is slow on a busy machine
    settings.write_text(text)
    problems = [report.problems for report in publish.build(root, ())]
    assert problems == [()], problems
    demo = Demo(root)
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        work = kind if isinstance(kind, str) else demo.solved("chain", **kind)
        demo.hand_in(f"s{number:04}", work, "chain")


def grade(root: Path, fleet: str, *more: str) -> subprocess.Popen[bytes]:
    """`seq2grade grade` over the whole class; what it says goes into a file of the course."""
    with (root / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [*_SEQ2GRADE, "grade", "submitted", "--seed", SEED, "--fleet", fleet, "--json", "out.json", *more],
            cwd=root, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip


def kept(root: Path) -> int:
    """How many are graded so far."""
    return len(students_kept(root, "chain"))


def finish(trial: Trial, root: Path, fleet: str, harm: Callable[[subprocess.Popen[bytes]], None], *more: str) -> None:
    """Run the same command until nothing is left to do: the first time beside `harm`."""
    began = time.monotonic()
    for turn in range(6):
        run = grade(root, fleet, *more)
        trial.runs += 1
        try:
            if turn == 0:
                harm(run)
            code = run.wait(_PATIENCE)
        finally:
            run.kill()
            run.wait()
        if code == 0:
            break
        if code > 0:
            said = (root / "said.txt").read_text().strip().splitlines()
            print(f"{trial.name}: run {trial.runs} ended with {code}: {said[-1] if said else ''}", flush=True)
    else:
        trial.faults.append(f"after {trial.runs} runs the command still ends with {code}")
    trial.seconds = time.monotonic() - began


def compare(trial: Trial, root: Path, undisturbed: Path) -> None:
    """What is in the one and not in the other."""
    mine, theirs = (_results(place) for place in (root, undisturbed))
    differ = [name for name in sorted(mine.keys() | theirs.keys()) if mine.get(name) != theirs.get(name)]
    if differ:
        trial.faults.append(f"{len(differ)} grades differ: {', '.join(differ[:5])}")
    if len(mine) != trial.count:
        trial.faults.append(f"{len(mine)} grades of {trial.count}")
    count, findings = verify(root, ["chain"])
    if count != trial.count or findings:
        trial.faults.append(f"verify: {count} grades, {[str(one) for one in findings[:3]]}")


def _results(root: Path) -> dict[str, Any]:
    """The results of the last run and what was kept, without clocks. A student who is there twice is an error."""
    found: dict[str, Any] = {}
    for one in json.loads((root / "out.json").read_text())["submissions"]:
        assert one["student"] not in found, f"{one['student']} twice"
        text = (root / KEPT / "chain" / f"{one['student']}.json").read_text()
        found[one["student"]] = [_timeless(one), _timeless(json.loads(text))]
    return found


def _timeless(data: Any) -> Any:
    """`signature` covers the clocks, so it goes with them; verify has looked at it."""
    if isinstance(data, dict):
        return {key: _timeless(one) for key, one in data.items() if key not in (*_CLOCKS, "signature")}
    return [_timeless(one) for one in data] if isinstance(data, list) else data


def each(root: Path, run: subprocess.Popen[bytes], steps: Sequence[int]) -> Iterator[int]:
    """Wait until so many are graded, again and again; ends early when the run does."""
    for step in steps:
        while kept(root) < step and run.poll() is None:
            time.sleep(0.1)
        if run.poll() is not None:
            return
        yield step


def on_processes(root: Path, trial: Trial, chance: random.Random) -> None:
    """Worker processes here: one is killed now and then, and once the command itself is."""
    gaps = max(4, trial.count // 12)

    def workers(pid: int) -> list[int]:
        return [one for one in children(pid) if b"spawn_main" in _command(one)]

    def harm(run: subprocess.Popen[bytes]) -> None:
        for step in each(root, run, range(gaps, trial.count, gaps)):
            if step // gaps == 6:
                below = workers(run.pid)
                run.kill()
                trial.harmed.append("the command killed once")
                _until(lambda pids=below: not [pid for pid in pids if b"spawn_main" in _command(pid)])  # type: ignore[misc]
                return
            if found := workers(run.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(found), signal.SIGKILL)
                    killed.append(step)

    killed: list[int] = []
    finish(trial, root, "dask", harm, "--jobs", "2")
    trial.harmed.append(f"{len(killed)} workers killed")


def in_slurm(root: Path, trial: Trial, chance: random.Random) -> None:
    """Two jobs of a one-node Slurm; one is cancelled in the middle, and comes back."""
    oneslurm.install()
    with tempfile.TemporaryDirectory(prefix="s2g-", dir="/tmp") as folder, oneslurm.running(Path(folder), 2) as env:
        up = [*_SEQ2GRADE, "fleet", "up", "slurm", "--workers", "2", "--memory", "4GB", "--host", "127.0.0.1"]
        with (root / "up.txt").open("wb") as said:
            fleet = subprocess.Popen(up, cwd=root, env=env, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        try:
            _until(lambda: (folder_of(root) / "slurm.json").is_file() or fleet.poll() is not None)

            def harm(run: subprocess.Popen[bytes]) -> None:
                for _ in each(root, run, [trial.count // 3, 2 * trial.count // 3]):
                    job = chance.choice(oneslurm.jobs(env))
                    subprocess.run(["scancel", job], env=env, check=True)
                    trial.harmed.append(f"job {job} cancelled")

            finish(trial, root, "slurm", harm)
            trial.harmed.append(f"{len(oneslurm.jobs(env))} jobs in the end")
        finally:
            fleet.terminate()
            fleet.wait(120)


def on_hosts(root: Path, trial: Trial, chance: random.Random) -> None:
    """A scheduler here and workers on three hosts, over TLS; one host is cut off in the middle, for good."""
    subprocess.run([*_SEQ2GRADE, "fleet", "keys"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    tls = folder_of(root) / "tls"
    secure = ["--protocol", "tls", "--tls-ca-file", str(tls / "cert.pem"), "--tls-cert", str(tls / "cert.pem"),
              "--tls-key", str(tls / "key.pem")]  # fmt: skip
    dask = [sys.executable, "-m", "dask"]
    env = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "60s"}
    with contextlib.ExitStack() as stack:
        address, found = stack.enter_context(hosts.network(3))
        said = stack.enter_context((root / "dask.txt").open("wb"))

        def start(command: list[str]) -> None:
            process = subprocess.Popen(command, cwd=root, env=env, stdout=said, stderr=said, start_new_session=True)
            stack.callback(_kill_session, process)

        start([*dask, "scheduler", "--host", f"tls://{address}", "--port", "8786", "--dashboard-address",
               "127.0.0.1:0", *secure])  # fmt: skip
        for host in found:
            start(host.command(*dask, "worker", f"tls://{address}:8786", "--nthreads", "1", "--no-dashboard",
                               "--local-directory", "/tmp", *secure))  # fmt: skip

        def harm(run: subprocess.Popen[bytes]) -> None:
            for _ in each(root, run, [trial.count // 3]):
                host = chance.choice(found)
                host.cut_off()
                trial.harmed.append(f"host {host.address} cut off")

        finish(trial, root, f"dask://{address}:8786", harm)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path("/proc", str(pid), "cmdline").read_bytes()
    return b""


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


FLEETS = {"processes": on_processes, "slurm": in_slurm, "hosts": on_hosts}


def main() -> int:
    """Returns 1 where a grade was lost, doubled or different."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="submissions, for worker processes")
    parser.add_argument("--few", type=int, default=60, help="submissions, for Slurm and for hosts")
    parser.add_argument("--only", choices=sorted(FLEETS), help="one of the fleets")
    parser.add_argument("--seed", type=int, default=1, help="of what is killed")
    asked = parser.parse_args()
    wanted = {asked.only: FLEETS[asked.only]} if asked.only else dict(FLEETS)
    if os.geteuid() != 0:
        for name in wanted.keys() & {"slurm", "hosts"}:
            print(f"{name}: not tried, only root can")
            del wanted[name]
    trials = []
    with tempfile.TemporaryDirectory(prefix="s2g-fleet-", dir="/tmp") as folder:
        for name, act in wanted.items():
            count = asked.count if name == "processes" else asked.few
            plain = Path(folder) / f"plain{count}"
            if not plain.is_dir():
                make_class(plain, count)
                shutil.copytree(plain, f"{plain}-new")
                trials.append(still := Trial("this machine", count))
                finish(still, plain, "local", lambda run: None, "--jobs", "2")
                compare(still, plain, plain)
                print(still.line(), flush=True)
            root = Path(folder) / name
            shutil.copytree(f"{plain}-new", root)
            trials.append(trial := Trial(name, count))
            act(root, trial, random.Random(asked.seed))
            compare(trial, root, plain)
            print(trial.line(), flush=True)
            if trial.faults:
                for said in sorted(root.glob("*.txt")):
                    print(f"--- {said.name}\n{said.read_text()[-3000:]}")
    return 1 if any(trial.faults for trial in trials) else 0


if __name__ == "__main__":
    sys.exit(main())
