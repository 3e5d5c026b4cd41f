"""Claims about collecting whole submissions: what comes along, what is refused, and the digest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.collect import collect, find_submissions
from autograder.collect.files import BYTE_LIMIT, DEPTH_LIMIT, FILE_LIMIT
from autograder.collect.read import NOTEBOOK_LIMIT
from autograder.errors import CollectError
from autograder.model import Collected, Submission
from tests.collect.sample import names, release, save, solved, sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An assignment folder with a solved notebook in it."""
    return save(tmp_path / "submitted" / "ann" / "hw1" / "hw1.ipynb", solved()).parent


def take(folder: Path, name: str = "hw1.ipynb") -> Collected:
    return collect(Submission("ann", "hw1", folder / name), release())


def refused(collected: Collected) -> list[str]:
    assert {one.kind for one in collected.repaired} <= {"files"}
    return sorted(one.message for one in collected.repaired)


def test_honest(folder: Path) -> None:
    """An honest submission with data beside it comes along whole, without a repair."""
    save(folder / "data.csv", "1,2")
    save(folder / "helpers" / "zoë.py", "x = 1")
    collected = take(folder)
    assert collected.files == {"data.csv": b"1,2", "helpers/zoë.py": b"x = 1"}
    assert collected.repaired == ()
    assert sources(collected.notebook) == sources(solved())
    assert collected.submission == Submission("ann", "hw1", folder / "hw1.ipynb")


def test_passed_over(folder: Path) -> None:
    """Caches, dot files, feedback and the timestamp stay behind without a word."""
    for name in (".env", ".git/config", "__pycache__/a.pyc", "b.pyc", "timestamp.txt", "feedback/hw1.html"):
        save(folder / name, "x")
    collected = take(folder)
    assert collected.files == {}
    assert collected.repaired == ()


def test_refused_files(folder: Path) -> None:
    """Links, pipes and further notebooks are refused one by one, and the rest is graded."""
    secret = save(folder.parent.parent.parent / "secret.txt", "key")
    (folder / "stolen").symlink_to(secret)
    (folder / "root").symlink_to("/", target_is_directory=True)
    os.mkfifo(folder / "pipe")
    save(folder / "other.ipynb", solved())
    save(folder / "new\nline", "x")
    save(folder / os.fsdecode(b"caf\xe9"), "x")
    save(folder / "fine.txt", "x")
    collected = take(folder)
    assert collected.files == {"fine.txt": b"x"}
    assert [message.split("was not used: it")[1] for message in refused(collected)] == [
        "s name holds unusual characters.",
        "s name holds unusual characters.",
        " is not the notebook that is graded.",
        " is a pipe, a socket or a device.",
        " is a link.",
        " is a link.",
    ]
    assert all(message.isprintable() for message in refused(collected))


def test_hard_links(folder: Path, tmp_path: Path) -> None:
    """A file that has another name outside the student's folder is refused, since it may be anybody's; one that has
    all its names there is taken under each, and a notebook is treated the same way."""
    secret = save(tmp_path / "secret.txt", "key")
    (folder / "stolen").hardlink_to(secret)
    save(folder / "data.csv", "1,2")
    (folder / "twin.csv").hardlink_to(folder / "data.csv")
    (folder.parent / "kept.csv").hardlink_to(folder / "data.csv")
    (folder / "hw1.ipynb").rename(folder / "mine")
    (folder / "hw1.ipynb").hardlink_to(folder / "mine")
    collected = take(folder)
    assert collected.files == {"data.csv": b"1,2", "twin.csv": b"1,2", "mine": (folder / "hw1.ipynb").read_bytes()}
    assert refused(collected) == [
        "The file stolen was not used: it is a hard link, and the file has another name "
        "elsewhere; hand in a copy of its own."
    ]
    (tmp_path / "solution.ipynb").hardlink_to(folder / "hw1.ipynb")
    with pytest.raises(CollectError, match=r"hw1\.ipynb is a hard link"):
        take(folder)


def test_hard_link_in_a_flat_folder(tmp_path: Path) -> None:
    """In a flat folder a notebook with a second name may be somebody else's, so it is refused."""
    save(tmp_path / "ann.ipynb", solved())
    (tmp_path / "bob.ipynb").hardlink_to(tmp_path / "ann.ipynb")
    for one in find_submissions(tmp_path, "hw1", ["hw1"]):
        with pytest.raises(CollectError, match="hard link"):
            collect(one, release())


@pytest.mark.parametrize("name", ["..x/data.csv", ".hidden.py", "sub/.secret/a"])
def test_unusual_hidden_files_are_told(folder: Path, name: str) -> None:
    """Dot files stay behind, and those that no program leaves are told once."""
    save(folder / name, "x")
    save(folder / ".ipynb_checkpoints" / "a", "x")
    collected = take(folder)
    assert collected.files == {}
    (told,) = refused(collected)
    assert told.startswith("Hidden, so not used: ")
    assert name.split("/")[-2 if "/" in name else 0] in told


@pytest.mark.parametrize("swapped", ["hw1", "ann"])
def test_folder_exchanged_while_reading(folder: Path, swapped: str) -> None:
    """A folder that becomes a link between the look and the reading is not followed."""
    secret = save(folder.parents[2] / "secret" / "hw1" / "hw1.ipynb", solved()).parent
    (one,) = find_submissions(folder.parents[1], "hw1", ["hw1"])
    victim, target = (folder, secret) if swapped == "hw1" else (folder.parent, secret.parent)
    victim.rename(victim.with_name("old"))
    victim.symlink_to(target)
    with pytest.raises(CollectError, match=f"folder {swapped} is a link"):
        collect(one, release())


def test_too_many_files(folder: Path) -> None:
    """At most FILE_LIMIT files come along; the report about the others stays short."""
    for number in range(FILE_LIMIT + 30):
        save(folder / f"{number:03}", "x")
    collected = take(folder)
    assert len(collected.files) == FILE_LIMIT
    assert len(refused(collected)) == 21
    assert "10 more files were not used." in refused(collected)


def test_too_large_files(folder: Path) -> None:
    """The files together are limited; a small one after a large one still fits."""
    with open(folder / "a", "wb") as sparse:
        sparse.truncate(BYTE_LIMIT - 10)
    with open(folder / "b", "wb") as sparse:
        sparse.truncate(11)
    save(folder / "c", "x" * 10)
    collected = take(folder)
    assert set(collected.files) == {"a", "c"}
    assert len(refused(collected)) == 1


def test_deep_folders(folder: Path) -> None:
    """A folder nested beyond reason is refused."""
    deep = folder.joinpath(*["d"] * (DEPTH_LIMIT + 1))
    save(deep / "x", "x")
    save(deep.parent / "y", "y")
    collected = take(folder)
    assert list(collected.files.values()) == [b"y"]
    assert "nested" in refused(collected)[0]


def test_flat_folder_brings_no_files(tmp_path: Path) -> None:
    """From a flat folder nothing but the notebook comes along: the other files are not this student's."""
    path = save(tmp_path / "ann.ipynb", solved())
    save(tmp_path / "bob.ipynb", solved())
    save(tmp_path / "grades.csv", "secret")
    collected = collect(Submission("ann", "hw1", path), release())
    assert collected.files == {}
    assert collected.repaired == ()


def test_models_beside_two_notebooks_are_nobodys(tmp_path: Path) -> None:
    """Models in a flat folder come along with its only notebook; where another lies beside it, the student is told."""
    path = save(tmp_path / "ann.ipynb", solved())
    save(tmp_path / "checkpoints" / "a.safetensors", "weights")
    assert set(collect(Submission("ann", "hw1", path), release()).files) == {"checkpoints/a.safetensors"}
    save(tmp_path / "bob.ipynb", solved())
    collected = collect(Submission("ann", "hw1", path), release())
    assert collected.files == {}
    (told,) = refused(collected)
    assert told.startswith("The folder checkpoints/ was not used")
    assert "bob" not in told


def test_any_file_name(folder: Path) -> None:
    """The only notebook in the folder is graded whatever its name is."""
    (folder / "hw1.ipynb").rename(folder / "hw1 (1).ipynb")
    (one,) = find_submissions(folder, None, ["hw1"])
    assert names(collect(one, release()).notebook) == names(release())


@pytest.mark.parametrize("level", [0, 1, 2])
def test_linked(folder: Path, level: int) -> None:
    """A linked notebook, assignment folder or student folder is a submission that cannot be collected."""
    victim = [folder / "hw1.ipynb", folder, folder.parent][level]
    real = victim.with_name("real")
    victim.rename(real)
    victim.symlink_to(real.name)
    if level == 2:
        real.rename(folder.parent.parent.parent / "real")
        victim.unlink()
        victim.symlink_to("../real")
    (one,) = find_submissions(folder.parent.parent, "hw1", ["hw1"])
    assert (one.student, one.assignment, one.path) == ("ann", "hw1", folder / "hw1.ipynb")
    with pytest.raises(CollectError, match="link"):
        collect(one, release())


def test_linked_student_folder_without_assignment(tmp_path: Path) -> None:
    """A student folder that is a link is refused as well when the notebook lies directly in it."""
    save(tmp_path / "solutions" / "hw1.ipynb", solved())
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "ann").symlink_to("../solutions")
    (one,) = find_submissions(tmp_path, "hw1", ["hw1"])
    with pytest.raises(CollectError, match="folder ann is a link"):
        collect(one, release())


def test_no_notebook(folder: Path) -> None:
    """A folder without a notebook says so; one with several says which name was expected."""
    (folder / "hw1.ipynb").rename(folder / "a.txt")
    with pytest.raises(CollectError, match=r"There is no notebook .*expected hw1\.ipynb"):
        take(folder)
    for name in ("a", "b"):
        save(folder / f"{name}.ipynb", solved())
    with pytest.raises(CollectError, match=r"2 notebooks \(a\.ipynb, b\.ipynb\) and none is called hw1"):
        take(folder)


def test_huge(folder: Path) -> None:
    """A notebook beyond the limit is refused without being read."""
    with open(folder / "hw1.ipynb", "ab") as sparse:
        sparse.truncate(NOTEBOOK_LIMIT + 1)
    with pytest.raises(CollectError, match="larger than 50 MB"):
        take(folder)


def test_digest(folder: Path) -> None:
    """The digest changes with the notebook's bytes, each file's name and content, and nothing else."""
    seen = [take(folder).digest]
    save(folder / "a", "bc")
    seen.append(take(folder).digest)
    save(folder / "a", "b")
    seen.append(take(folder).digest)
    (folder / "a").rename(folder / "ab")
    seen.append(take(folder).digest)
    (folder / "hw1.ipynb").write_bytes((folder / "hw1.ipynb").read_bytes() + b"\n")
    seen.append(take(folder).digest)
    assert len(set(seen)) == len(seen)
    save(folder / "timestamp.txt", "today")
    assert take(folder).digest == seen[-1]


def test_models_beside_a_lone_notebook(tmp_path: Path) -> None:
    """A notebook that lies by itself brings its checkpoints/, and nothing else; beside others it brings nothing."""
    save(tmp_path / "desk" / "work.ipynb", solved())
    save(tmp_path / "desk" / "checkpoints" / "a.safetensors", "weights")
    save(tmp_path / "desk" / "diary.txt", "private")
    lone = collect(Submission("work", "hw1", tmp_path / "desk" / "work.ipynb"), release())
    assert lone.files == {"checkpoints/a.safetensors": b"weights"}
    save(tmp_path / "desk" / "other.ipynb", solved())
    assert collect(Submission("work", "hw1", tmp_path / "desk" / "work.ipynb"), release()).files == {}
