"""What every backend promises about the forks that serve checks: nothing of one is there for the next, code that waits
for threads can be asked where they live, and memory cannot be hidden from whoever watches."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from typing import Any

import pytest

from autograder.errors import ChannelTimeout
from autograder.judge import Student
from autograder.judge.ports import SocketPort
from autograder.sandbox.client import Zygote
from tests.support import BOUNDS, DOUBLE, processes_with, ran, student, text, unique, works

KEEP = """
import os, tempfile
os.makedirs("folder/inner")
for name in ("old", "gone", "folder/inner/deep"):
    open(name, "w").write("as it was")
os.symlink("old", "link")
places = [".", "folder", tempfile.gettempdir(), os.path.expanduser("~")]

def tree():
    found = []
    for folder, names, files in os.walk("."):
        if ".ipython" not in folder:
            for name in sorted(name for name in files if not os.path.islink(os.path.join(folder, name))):
                path = os.path.join(folder, name)
                found.append([path, open(path).read(), os.stat(path).st_mode, os.stat(path).st_mtime_ns])
    return sorted(found), sorted(os.listdir(tempfile.gettempdir())), os.readlink("link")

def spoil():
    for place in places:
        open(os.path.join(place, "new"), "w").write("x")
    before = os.stat("old")
    open("old", "w").write("as it WAS")
    os.utime("old", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.chmod("folder/inner/deep", 0o444)
    os.remove("gone")
    os.remove("link")
    os.symlink("gone", "link")
    os.makedirs("many/new/folders")
    os.rename("folder/inner", "folder/outer")
    return True
"""


def test_no_fork_finds_a_file_that_another_left(zygote: Zygote) -> None:
    """New files are gone, changed, moved and removed ones are back, with their times and modes, after each fork."""
    with ran(zygote, KEEP) as session:
        with student(session) as one:
            before = one.tree()
        for _ in range(2):
            with student(session) as one:
                assert one.tree() == before
                assert one.spoil() is True
                assert one.tree() != before
        with student(session) as one:
            assert one.tree() == before


def test_no_process_of_a_fork_outlives_it(zygote: Zygote) -> None:
    """What a check started is gone with its fork; what the notebook started lives on."""
    mine, its = unique(), unique()
    start = f"""
import subprocess, sys
def start(word):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", word], start_new_session=True)
start({mine!r})
"""
    with ran(zygote, start) as session:
        with student(session) as one:
            one.start(its)
            deadline = time.monotonic() + 20
            while not processes_with(its) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert processes_with(its)
        assert processes_with(mine)
        assert not processes_with(its)


def begin(channel: socket.socket) -> dict[str, Any]:
    """What the far side says when a check begins: whether something was left behind, and whether it lacks threads."""
    return SocketPort(channel, BOUNDS.check_seconds).request({"op": "begin", "seed": 1})


THREADS = {
    "threads of torch": "import torch\ntorch.set_num_threads(2)\ntorch.randn(2000, 2000).exp().sum()\n"
                        "def f(x):\n    big = torch.ones(800, 800)\n    return float((big @ big).tanh().sum() * 0) + x",
}  # fmt: skip
INLINE = {
    "an executor": "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
                   "pool.submit(abs, 1).result()\ndef f(x):\n    return pool.submit(lambda: x).result()",
    "a worker with a queue": "import queue, threading\nasked, told = queue.Queue(), queue.Queue()\n"
                             "def work():\n    while True:\n        told.put(asked.get())\n"
                             "threading.Thread(target=work, daemon=True).start()\n"
                             "def f(x):\n    asked.put(x)\n    return told.get()",
    "a lock that a thread holds": "import threading, time\nlock = threading.Lock()\nfree = threading.Event()\n"
                                  "def hold():\n    with lock:\n        free.wait()\n"
                                  "threading.Thread(target=hold, daemon=True).start()\ntime.sleep(0.2)\n"
                                  "def f(x):\n    free.set()\n    with lock:\n        return x",
}  # fmt: skip


@pytest.mark.parametrize("cell", THREADS.values(), ids=THREADS)
def test_threads_of_libraries_do_not_hang_a_fork(zygote: Zygote, cell: str) -> None:
    """A fork uses one thread, however many the notebook had."""
    with ran(zygote, cell) as session, student(session) as one:
        assert one.f(3) == 3


@pytest.mark.parametrize("cell", INLINE.values(), ids=INLINE)
def test_what_waits_for_a_thread_is_answered_by_the_process_itself(zygote: Zygote, cell: str) -> None:
    """Its fork would wait for ever. Whoever begins is told that there are threads which a fork lacks."""
    with ran(zygote, cell) as session:
        with session.channel(BOUNDS.check_seconds) as channel:
            assert begin(channel) == {"ok": [False, True]}
        with session.channel(BOUNDS.check_seconds, inline=True) as channel:
            assert Student(SocketPort(channel, BOUNDS.check_seconds)).f(3) == 3


def test_an_ordinary_notebook_has_no_threads_of_its_own(zygote: Zygote) -> None:
    """The kernel's own threads do not count."""
    with ran(zygote, DOUBLE) as session, session.channel(BOUNDS.check_seconds) as channel:
        assert begin(channel) == {"ok": [False, False]}


def test_a_loop_in_the_process_itself_is_stopped(zygote: Zygote) -> None:
    """When the judge stops waiting, the loop ends and the notebook lives on; its variables are as they were."""
    loop = "n = 0\ndef loop():\n    global n\n    while True:\n        n += 1\ndef count():\n    return n"
    with ran(zygote, DOUBLE, loop) as session:
        with session.channel(5, inline=True) as channel, pytest.raises(ChannelTimeout):
            Student(SocketPort(channel, 0.5)).loop()
        assert session.alive
        assert works(session)
        with student(session) as one:
            assert one.count() == 0


def test_nothing_is_printed_while_the_process_itself_answers(zygote: Zygote) -> None:
    """What was printed before the judging is all that is seen of it."""
    with ran(zygote, "import sys\ndef tell(x):\n    print(x, flush=True)\n    return x\nprint('on')") as session:
        with session.channel(BOUNDS.check_seconds, inline=True) as channel:
            assert Student(SocketPort(channel, BOUNDS.check_seconds)).tell("hidden") == "hidden"
        assert text(session) == "on\n"
        assert "hidden" not in str(session.execution.notebook)


def test_a_check_begins_with_the_same_random_numbers(zygote: Zygote) -> None:
    """Whatever fork it is in, and whatever ran there before."""
    throw = "import random, numpy, torch\ndef throw():\n    return random.random(), numpy.random.rand(), torch.rand(1)"
    seen = []
    with ran(zygote, throw) as session:
        for _ in range(2):
            with session.channel(BOUNDS.check_seconds) as channel:
                port = SocketPort(channel, BOUNDS.check_seconds)
                for _ in range(2):
                    port.request({"op": "begin", "seed": 5})
                    seen.append(str(Student(port).throw()))
    assert len(set(seen)) == 1


def test_a_process_that_closes_itself_to_looks_is_counted(zygote: Zygote) -> None:
    """PR_SET_DUMPABLE hides a process's memory from others of the same user; its size is seen all the same."""
    hoard = """
import ctypes, os, time
kids = []
for number in range(8):
    kids.append(os.fork())
    if kids[-1] == 0:
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
        block = bytearray(b"x") * (250 * 2**20)
        open(f"full{number}", "w").close()
        time.sleep(30)
        os._exit(0)
end, dead = time.time() + 10, set()
def settled(number, pid):
    if pid not in dead and os.waitpid(pid, os.WNOHANG)[0]: dead.add(pid)
    return pid in dead or os.path.exists(f"full{number}")
while time.time() < end and not all([settled(number, pid) for number, pid in enumerate(kids)]):
    time.sleep(0.05)
time.sleep(3)
[settled(number, pid) for number, pid in enumerate(kids)]
print(sum(pid not in dead and os.path.exists(f"full{number}") for number, pid in enumerate(kids)))
"""
    with ran(zygote, hoard, "print('on')", limits=replace(BOUNDS, memory_mb=600)) as session:
        if session.execution.cells[0].status == "died":
            assert "memory" in session.execution.ended
        else:
            assert 250 * int(text(session, 0)) <= 600 + BOUNDS.disk_mb + 400
        assert text(session) == "on\n"
