"""What only some backends promise: files, network, processes, user."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import autograder
from autograder.sandbox.client import Zygote
from tests.sandbox import backends_here
from tests.sandbox.conftest import Warm
from tests.support import promising, ran, statuses, student, text, unique


def keeping(what: str) -> pytest.MarkDecorator:
    """Run a test with each backend that promises this."""
    return pytest.mark.parametrize("name", [n for n in backends_here() if n in promising(what)])


def run(zygote: Zygote, *cells: str) -> str:
    """What the last of these cells printed; all must run to their end."""
    with ran(zygote, *cells) as session:
        assert set(statuses(session)) == {"ok"}, [cell.error for cell in session.execution.cells]
        return text(session)


@contextmanager
def course() -> Iterator[Path]:
    """A course folder with checks, a gradebook and a reference, kept secret by the zygote or not."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("assignments/demo/checks.py", "gradebook.db", "solutions/demo/demo.ipynb"):
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("secret")
            path.chmod(0o644)
        os.chmod(folder, 0o755)
        yield Path(folder)


@keeping("files")
def test_what_belongs_to_the_grader_cannot_be_seen(name: str, warm: Warm) -> None:
    """No course, gradebook, source, home of root, password file or other submission's folder, by any name."""
    zygote = warm(name)
    source = Path(autograder.__file__).parent
    with course() as root, ran(zygote, "open('mine.py', 'w').write('answer')") as other:
        places = [
            *map(str, root.rglob("*")), str(source), str(source / "judge" / "evaluate.py"),
            str(source.parent / "tests"), "/root/.bashrc", "/root/.cache", "/etc/shadow", "/etc/gshadow", "/etc/ssh",
            "/var", "/opt", "/srv", "/mnt", "/boot", "/sys/kernel", "/dev/vda", "/dev/mem", "/dev/kmsg", "/dev/tty",
            "/run/proc", "/run/docker.sock", "/var/run/docker.sock", other._running.job.scratch,
        ]  # fmt: skip
        look = f"""
import os
for place in {places!r}:
    try:
        found = os.listdir(place) if os.path.isdir(place) else open(place, "rb").read(1)
        if found or not os.path.isdir(place): print(place, found)
    except OSError: pass
"""
        assert run(zygote, look) == ""


@keeping("files")
def test_no_file_of_the_grader_is_open(name: str, warm: Warm) -> None:
    """Every inherited descriptor is a socket, a pipe, an event or the null device: no folder, no file."""
    look = """
import os, stat
for fd in range(256):
    try: mode = os.fstat(fd).st_mode
    except OSError: continue
    target = os.readlink(f"/proc/self/fd/{fd}")
    if (stat.S_ISDIR(mode) or stat.S_ISREG(mode) or stat.S_ISCHR(mode)) and target != "/dev/null": print(fd, target)
"""
    assert run(warm(name), look) == ""


@keeping("files")
def test_only_folders_of_its_own_can_be_written(name: str, warm: Warm) -> None:
    """Nothing outside the work folder, /tmp and /dev/shm can be created, changed, renamed or removed."""
    own = ("/home/student", "/tmp", "/dev/shm", "/proc")
    attempt = f"""
import os, sys, site, numpy
places = ["/", "/etc", "/usr", "/usr/lib", "/dev", "/run", "/run/kernel", "/home", "/proc/sys/kernel", "/proc/1",
          os.path.dirname(numpy.__file__), sys.prefix, sys.base_prefix, sys.path[1], *site.getsitepackages()]
for place in places:
    for act in (lambda: open(place + "/made", "w"), lambda: os.mkdir(place + "/made"),
                lambda: os.symlink("x", place + "/made"), lambda: os.chmod(place, 0o777),
                lambda: os.rename(place, place + "2"), lambda: os.utime(place)):
        try: act(); print(place)
        except OSError: pass
for top, folders, names in os.walk("/"):
    folders[:] = [f for f in folders if os.path.join(top, f) not in {own!r} and top.count("/") < 3]
    if os.access(top, os.W_OK): print("writable", top)
for file in ("/run/kernel/k-1", "/etc/passwd", numpy.__file__):
    for act in (lambda: os.remove(file), lambda: open(file, "a")):
        try: act(); print(file)
        except OSError: pass
"""
    assert run(warm(name), attempt) == ""


@keeping("files")
def test_a_submission_finds_nothing_of_the_one_before(name: str, warm: Warm) -> None:
    """Nothing that one submission left in its work folder, /tmp or /dev/shm is there for the next. (What lies in
    /tmp on the way to a mount is how a checkout or a Python below /tmp is shown.)"""
    leave = """
import os
for place in (".", "/tmp", "/dev/shm", os.path.expanduser("~")):
    open(os.path.join(place, "left"), "w").close()
os.makedirs(os.path.expanduser("~/.config/matplotlib"), exist_ok=True)
open(os.path.expanduser("~/.config/matplotlib/matplotlibrc"), "w").write("lines.linewidth: 99")
"""
    look = """
import os
mounts = [line.split()[4] for line in open("/proc/self/mountinfo")]
for place in (".", "/tmp", "/dev/shm", os.path.expanduser("~/.config")):
    if os.path.isdir(place):
        names = [n for n in os.listdir(place) if n != ".ipython"]
        print([n for n in names if not any(f"{m}/".startswith(os.path.join(place, n) + "/") for m in mounts)])
import matplotlib; print(matplotlib.rcParams["lines.linewidth"])
"""
    run(warm(name), leave)
    assert run(warm(name), look) == "[]\n[]\n[]\n1.5\n"


@contextmanager
def listeners() -> Iterator[list[str]]:
    """Python expressions that connect to servers which really listen on this machine."""
    word = unique()
    with ExitStack() as stack:
        found = []
        for family, place in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family == socket.AF_INET6 and not Path("/proc/net/if_inet6").exists():
                continue
            server = stack.enter_context(socket.create_server((place, 0), family=family))
            found.append(f"socket.create_connection({server.getsockname()[:2]!r}, 2)")
            socket.create_connection(server.getsockname()[:2], 2).close()
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind("\0" + word)
        abstract.listen()
        found.append(f"socket.socket(socket.AF_UNIX).connect('\\0{word}')")
        yield found


@keeping("network")
def test_no_connection_can_be_made(name: str, warm: Warm) -> None:
    """Not to this machine over IPv4, IPv6 or a Unix name, not to the world, and no datagram leaves."""
    with listeners() as calls:
        calls += [
            "socket.create_connection(('1.1.1.1', 53), 2)",
            "socket.create_connection(('2606:4700:4700::1111', 53), 2)",
            "socket.getaddrinfo('example.org', 80)",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('1.1.1.1', 53))",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
            "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
            "socket.socket(40, socket.SOCK_STREAM)",
            "socket.socket(17, socket.SOCK_RAW)",
            "socket.socket(38, socket.SOCK_SEQPACKET)",
        ]
        attempt = "import socket\n" + "".join(f"try: {call}; print({call!r})\nexcept OSError: pass\n" for call in calls)
        assert run(warm(name), attempt) == ""


@keeping("processes")
def test_no_other_process_can_be_seen_or_signalled(name: str, warm: Warm) -> None:
    """/proc shows the submission's own processes; the grader, the supervisor and the warm process are out of reach."""
    zygote = warm(name)
    pids = [os.getpid(), os.getppid(), zygote._process.pid]
    with ran(zygote, "1") as other:
        pids += [pid for pid in descendants(zygote._process.pid) if pid != zygote._process.pid]
        assert other.alive
        look = f"""
import os, ctypes
seen = [int(n) for n in os.listdir("/proc") if n.isdigit()]
print(sorted(seen) == [1, os.getpid()])
print(os.getppid() == 1)
reached = 0
for pid in {pids!r}:
    if pid in (1, os.getpid()): continue
    try: os.kill(pid, 0); reached += 1
    except OSError: pass
print(reached)
libc = ctypes.CDLL(None, use_errno=True)
print([libc.ptrace(request, 1, 0, 0) for request in (16, 0x4206)])
try: open("/proc/1/environ", "rb").read(); os.kill(1, 9)
except OSError: pass
"""
        lines = run(zygote, look, look).splitlines()
    assert lines == ["True", "True", "0", "[-1, -1]"]


def descendants(pid: int) -> list[int]:
    """A process and everything below it."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [pid, *(found for child in file.read().split() for found in descendants(int(child)))]


@keeping("user")
def test_no_privilege_is_left_or_can_be_had(name: str, warm: Warm) -> None:
    """No capability in any set, no new privileges, a system-call filter; mounting, new namespaces and tracing are
    refused, and a setuid program runs as the caller."""
    look = """
import ctypes, os, subprocess
fields = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines() if ":" in line)
for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"): print(int(fields[name], 16))
print(fields["NoNewPrivs"].strip(), fields["Seccomp"].strip())
libc = ctypes.CDLL(None, use_errno=True)
print([libc.unshare(flag) for flag in (0x10000000, 0x20000, 0x20000000)], libc.mount(b"a", b"/tmp", b"tmpfs", 0, None))
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.chroot("/")):
    try: change(); print("changed")
    except OSError: pass
"""
    own = """
import os, shutil, subprocess
print(os.getuid() == os.geteuid() == os.getgid(), os.getgroups(), os.getuid())
su = shutil.which("su")
if su:
    print(subprocess.run([su, "-c", "id -u"], input="", capture_output=True, text=True, timeout=5).stdout, end="")
"""
    zygote = warm(name)
    assert run(zygote, look).splitlines() == ["0"] * 5 + ["1 2", "[-1, -1, -1] -1"]
    first, second = run(zygote, own).splitlines(), run(zygote, own).splitlines()
    if zygote.backend.uses_own_user():
        assert first[0].startswith("True []")
        assert len({first[0], second[0], str(os.getuid())}) == 3, "every submission has a user of its own"
    assert len(first) == len(second) == 1


@keeping("user")
def test_checks_run_without_privileges_too(name: str, warm: Warm) -> None:
    """A fork that serves a check has lost what the notebook had lost."""
    caps = "def caps():\n    return [l for l in open('/proc/self/status') if l[:6] in ('CapEff', 'CapBnd', 'Seccom')]"
    with ran(warm(name), caps) as session, student(session) as one:
        assert [line.split()[1] for line in one.caps()][:3] == ["0" * 16, "0" * 16, "2"]


def test_the_grader_keeps_no_secret_in_its_own_environment() -> None:
    """The warm process starts with an environment made for it: variables of the grader's do not reach student code."""
    script = (
        "from autograder.sandbox.client import Zygote\n"
        "from tests.support import ran, text\n"
        "with Zygote('none', modules=()) as zygote, ran(zygote, 'import os; print(sorted(os.environ))') as session:\n"
        "    print(text(session))"
    )
    environment = {**os.environ, "SEQ2GRADE_TOKEN": "secret", "AWS_SECRET_ACCESS_KEY": "secret"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=300, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert "OMP_NUM_THREADS" in done.stdout
    assert "SECRET" not in done.stdout
    assert "TOKEN" not in done.stdout.replace("TOKENIZERS_PARALLELISM", "")
