"""Files are written whole or not at all, with the permissions that are meant, and leave nothing lying about."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.writing import replace_file, write_text

REPOSITORY = Path(__file__).resolve().parents[1]
WRITERS: dict[str, Callable[[Path, str], object]] = {
    "replace_file": lambda path, text: replace_file(path, text, 0o644),
    "write_text": write_text,
}
CALLS = {"replace_file": "replace_file(path, text, 0o644)", "write_text": "write_text(path, text)"}
writers = pytest.mark.parametrize("writer", sorted(WRITERS))


def in_a_process(code: str, path: Path) -> str:
    """What a process prints in which `path` and `text` are known, `text` being longer than its limits allow."""
    begin = (
        "import errno, os, resource, signal, sys\nfrom pathlib import Path\n"
        "from autograder.writing import replace_file, write_text\n"
        "path, text = Path(sys.argv[1]), 'new' * 100_000\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", begin + code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    return ran.stdout.strip()


@pytest.fixture
def umask() -> Iterator[None]:
    """Tests may change it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@writers
def test_a_reader_never_meets_half_a_file(writer: str, tmp_path: Path) -> None:
    """While a file is written again and again, whoever reads it finds one of the texts, all of it; who has it open
    goes on in the old one."""
    path = tmp_path / "page.html"
    texts = [letter * 400_000 for letter in "abc"]
    WRITERS[writer](path, texts[0])
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_text(encoding="utf-8"))

    reader = threading.Thread(target=read)
    with path.open(encoding="utf-8") as before:
        reader.start()
        try:
            for turn in range(60):
                WRITERS[writer](path, texts[turn % 3])
        finally:
            done.set()
            reader.join()
        assert before.read() == texts[0]
    assert seen <= set(texts)
    assert os.listdir(tmp_path) == ["page.html"]


@writers
def test_a_write_that_fails_in_its_middle_leaves_the_old_file(writer: str, tmp_path: Path) -> None:
    """A disk that is full after some of the bytes costs nothing of what was there, and no litter stays behind."""
    path = tmp_path / "grades.json"
    path.write_text("old")
    told = in_a_process(
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (70_000, -1))\n"
        f"try:\n    {CALLS[writer]}\nexcept OSError as error:\n    print(errno.errorcode[error.errno])",
        path,
    )
    assert (told, path.read_text(), os.listdir(tmp_path)) == ("EFBIG", "old", ["grades.json"])


@writers
def test_a_write_that_cannot_begin_leaves_the_old_file(writer: str, tmp_path: Path) -> None:
    """Where no new file can be had for another reason than a closed folder, the old one is not written over."""
    path = tmp_path / "grades.json"
    path.write_text("old")
    told = in_a_process(
        "resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir('/proc/self/fd')) - 1, 4096))\n"
        f"try:\n    {CALLS[writer]}\nexcept OSError as error:\n    print(errno.errorcode[error.errno])",
        path,
    )
    assert (told, path.read_text(), os.listdir(tmp_path)) == ("EMFILE", "old", ["grades.json"])


@writers
def test_whoever_stops_it_finds_no_litter(writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the last moment leaves the old file alone."""
    path = tmp_path / "grades.json"
    path.write_text("old")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        WRITERS[writer](path, "new")
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["grades.json"])


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o027, 0o077, 0o777])
def test_permissions_do_not_hang_on_the_umask(mask: int, tmp_path: Path, umask: None) -> None:
    """What is for all can be read by all, what is for one by nobody else, anew and over a file with other ones."""
    os.umask(mask)
    for meant in (0o444, 0o600, 0o644):
        path = tmp_path / f"{meant:o}"
        for _ in range(2):
            assert replace_file(path, "x", meant) == path
            assert mode(path) == meant
            path.chmod(0o640)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_results_have_the_permissions_of_their_place(mask: int, tmp_path: Path, umask: None) -> None:
    """A file that is there keeps its own; a new one gets what any new file gets there."""
    os.umask(mask)
    new, held = tmp_path / "new.json", tmp_path / "held.json"
    held.write_text("old")
    held.chmod(0o606)
    for path in (new, held):
        write_text(path, "x")
    assert (mode(new), mode(held)) == (0o666 & ~mask, 0o606)


def test_links_and_devices(tmp_path: Path) -> None:
    """Results follow a link and go to a device; pages take a link's place, and what it names stays as it is."""
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    write_text(link, "new")
    assert (target.read_text(), link.is_symlink()) == ("new", True)
    replace_file(link, b"page", 0o644)
    assert (target.read_text(), link.is_symlink(), link.read_text()) == ("new", False, "page")
    with pytest.raises(OSError, match="space"):
        write_text(Path("/dev/full"), "x" * 100_000)
    assert Path("/dev/full").is_char_device()


@writers
def test_missing_folders_are_made(writer: str, tmp_path: Path) -> None:
    """However deep the place lies, and whatever the length of its name."""
    path = tmp_path / "a" / "b" / ("ä" * 120)
    WRITERS[writer](path, "ü")
    assert (path.read_bytes(), os.listdir(path.parent)) == ("ü".encode(), [path.name])


def test_a_file_in_a_folder_that_takes_nothing_new_is_written_to() -> None:
    """Results go to a file that may be written where nothing may be added beside it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        path = Path(place) / "results.json"
        path.write_text("old")
        path.chmod(0o666)
        Path(place).chmod(0o555)
        ordinary = "if os.geteuid() == 0:\n    os.seteuid(65534)\n"
        told = in_a_process(ordinary + "write_text(path, 'new')\nprint('done')", path)
        Path(place).chmod(0o755)
        assert (told, path.read_text()) == ("done", "new")
