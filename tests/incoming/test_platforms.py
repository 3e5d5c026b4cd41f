"""Moodle, Canvas and nbgrader's exchange: whose a file is, when it was handed in, and which attempt counts."""

from __future__ import annotations

import datetime
import struct
import zipfile
import zoneinfo
from pathlib import Path

import pytest

from autograder.collect import find_submissions
from autograder.errors import CollectError, Seq2gradeError
from autograder.incoming.gather import Trial, Wish, gather
from autograder.planned import handed_in
from tests.incoming.exports import collected, laid, notebook, packed, roster, tree, unasked, when

MOODLE = {
    "Ada Love_900_assignsubmission_file_/my answer.ipynb": notebook("ada"),
    "Ada Love_900_assignsubmission_file_/checkpoints/m.safetensors": "weights",
    "Ada Love_900_assignsubmission_file_/timestamp.txt": "2001-01-01 00:00:00 UTC",
    "Ada Love_900_assignsubmission_onlinetext_/onlinetext.html": "<p>Hello</p>",
    "Bob Müller_901_assignsubmission_file/own/hw.ipynb": notebook("bob"),
    "Bob Müller_901_assignsubmission_file/own/data.csv": "1",
    "Cy Roe_902_assignsubmission_file_/hw-handin.zip": b"PK",
    "Dee Poe_903_assignsubmission_file_/essay.pdf": "words",
}
CANVAS = {
    "loveada_4711_80001_hw.ipynb": notebook("ada"),
    "loveada_4711_80002_data.csv": "1",
    "mullerbob_LATE_4712_80003_my work-1.ipynb": notebook("bob"),
}
EXCHANGE = {
    "inbound/ada+hw+2030-01-02 10:00:00.000001 UTC+abc/hw.ipynb": notebook("first"),
    "inbound/ada+hw+2030-01-02 10:00:00.000001 UTC+abc/timestamp.txt": "2001-01-01 00:00:00 UTC",
    "inbound/ada+hw+2030-01-03 10:00:00 UTC+def/hw.ipynb": notebook("second"),
    "inbound/ada+other+2030-01-04 10:00:00 UTC+def/other.ipynb": notebook("not this"),
    "inbound/bob+hw+2030-01-02 11:00:00 UTC/hw.ipynb": notebook("bob"),
}


def test_moodle(tmp_path: Path) -> None:
    """A folder for each student, the notebook named as nbgrader wants it, at the time that the zip has; a time that a
    student wrote and a form's text are left out, and the collected folders are what `grade` finds."""
    done = collected(packed(tmp_path / "m.zip", MOODLE), tmp_path / "submitted")
    assert (done.written, done.trouble) == (4, False)
    assert tree(tmp_path / "submitted") == [
        "Ada Love_900/hw/checkpoints/m.safetensors",
        "Ada Love_900/hw/hw.ipynb",
        "Bob Müller_901/hw/data.csv",
        "Bob Müller_901/hw/hw.ipynb",
        "Cy Roe_902/hw/hw-handin.zip",
        "Dee Poe_903/hw/essay.pdf",
    ]
    assert when(tmp_path / "submitted", "Ada Love_900") == "2030-01-02 12:00:00.000000 UTC"
    assert done.notes == ["Dee Poe_903: no notebook was handed in"]
    found = {one.student: one for one in find_submissions(tmp_path / "submitted", "hw", ("hw",))}
    assert len(found) == 4
    assert handed_in(found["Ada Love_900"]) == datetime.datetime(2030, 1, 2, 12)
    assert found["Ada Love_900"].problem == ""


def test_canvas_with_a_roster(tmp_path: Path) -> None:
    """Files side by side, names run together: the roster tells whose they are, and who is missing or unknown."""
    people = roster("login;last name;first name;email", "ada;Love;Ada;a@uni", "bob;Müller;Bob;b@uni", "cy;Roe;Cy;c@uni")
    files = {**CANVAS, "strangereve_99_80009_hw.ipynb": notebook("eve"), "readme.txt": "x"}
    done = collected(packed(tmp_path / "c.zip", files), tmp_path / "submitted", roster=people)
    assert tree(tmp_path / "submitted") == ["ada/hw/data.csv", "ada/hw/hw.ipynb", "bob/hw/hw.ipynb"]
    assert done.trouble
    assert done.notes == [
        "strangereve_99: in no line of the roster, or in two; left out",
        "cy: nothing was handed in",
        "bob: the platform calls it late",
        "readme.txt: its name tells no student; passed over",
    ]


@pytest.mark.parametrize("zipped", [True, False])
def test_the_exchange(tmp_path: Path, zipped: bool) -> None:
    """Of several attempts the newest counts, by the time in the name of its folder; another assignment's are left."""
    source = packed(tmp_path / "x.zip", EXCHANGE) if zipped else laid(tmp_path / "x", EXCHANGE)
    done = collected(source, tmp_path / "submitted")
    assert tree(tmp_path / "submitted") == ["ada/hw/hw.ipynb", "bob/hw/hw.ipynb"]
    assert (done.written, done.notes) == (2, [])
    assert '"second"' in (tmp_path / "submitted/ada/hw/hw.ipynb").read_text()
    assert when(tmp_path / "submitted", "ada") == "2030-01-03 10:00:00.000000 UTC"


def test_the_exchange_tells_its_assignments(tmp_path: Path) -> None:
    """Without --assignment all that the course knows are taken; an export that tells none needs the name."""
    collected(laid(tmp_path / "x", EXCHANGE), tmp_path / "submitted", assignment="")
    assert "ada/other/other.ipynb" in tree(tmp_path / "submitted")
    with pytest.raises(Seq2gradeError, match="does not tell its assignment: name it by --assignment"):
        collected(packed(tmp_path / "m.zip", MOODLE), tmp_path / "submitted", assignment="")


def test_all_attempts(tmp_path: Path) -> None:
    """Each in a folder of its own, from the oldest on, and the newest where it always lies."""
    collected(laid(tmp_path / "x", EXCHANGE), tmp_path / "submitted", attempt="all")
    assert '"first"' in (tmp_path / "submitted-attempts/1/ada/hw/hw.ipynb").read_text()
    assert '"second"' in (tmp_path / "submitted-attempts/2/ada/hw/hw.ipynb").read_text()
    assert '"second"' in (tmp_path / "submitted/ada/hw/hw.ipynb").read_text()


def test_the_best_attempt(tmp_path: Path) -> None:
    """The one with the most points counts; of equal ones the newest; where points are open, somebody has to look. Who
    has one attempt is not graded."""
    points = {"first": (3.0, 0.0), "second": (1.0, 0.0)}

    def grade(folder: Path, trials: list[Trial]) -> dict[str, tuple[float, float]]:
        assert {one.student for one in trials} == {"ada"}
        texts = {one.label: (folder / one.label / "hw" / "hw.ipynb").read_text() for one in trials}
        return {label: score for label, text in texts.items() for mark, score in points.items() if f'"{mark}"' in text}

    def best() -> str:
        wish = Wish(source, tmp_path / "submitted", ("hw",), "hw", attempt="best", replace=True)
        done.append(gather(wish, grade))  # type: ignore[arg-type]  # a list is a sequence
        return (tmp_path / "submitted/ada/hw/hw.ipynb").read_text()

    source, done = laid(tmp_path / "x", EXCHANGE), []
    assert '"first"' in best()
    assert "ada: attempt 1 of 2 counts; they got 3, 1 points" in done[-1].notes
    points["second"] = (3.0, 0.0)
    assert '"second"' in best()
    assert not done[-1].trouble
    points["second"] = (2.0, 2.0)
    assert '"first"' in best()
    assert done[-1].trouble


def test_canvas_versions_are_attempts(tmp_path: Path) -> None:
    """Of hw.ipynb and hw-2.ipynb of one student the last one counts, with the other files."""
    files = {
        "loveada_4711_80001_hw-1.ipynb": notebook("old"),
        "loveada_4711_80005_hw-2.ipynb": notebook("new"),
        "loveada_4711_80006_data.csv": "1",
    }
    collected(packed(tmp_path / "c.zip", files), tmp_path / "submitted")
    assert tree(tmp_path / "submitted") == ["loveada_4711/hw/data.csv", "loveada_4711/hw/hw.ipynb"]
    assert '"new"' in (tmp_path / "submitted/loveada_4711/hw/hw.ipynb").read_text()


def test_a_group_has_one_folder(tmp_path: Path) -> None:
    """Whoever of a group handed in, its newest work lies once in a folder of all members, which is graded once; the
    group's own name serves too."""
    people = roster("login,name,group", "ada,Ada Love,Blue", "bob,Bob Ray,Blue", "cy,Cy Roe,Red", "dee,Dee Poe,")
    files = {
        "Ada Love_900_assignsubmission_file_/hw.ipynb": notebook("older"),
        "Bob Ray_901_assignsubmission_file_/hw.ipynb": notebook("newer"),
        "Red_902_assignsubmission_file_/hw.ipynb": notebook("red"),
        "Dee Poe_903_assignsubmission_file_/hw.ipynb": notebook("dee"),
    }
    first, *_ = files
    done = collected(
        packed(tmp_path / "m.zip", files, {first: (2030, 1, 1, 0, 0, 0)}), tmp_path / "submitted", roster=people
    )
    assert tree(tmp_path / "submitted") == ["ada+bob/hw/hw.ipynb", "cy/hw/hw.ipynb", "dee/hw/hw.ipynb"]
    assert '"newer"' in (tmp_path / "submitted/ada+bob/hw/hw.ipynb").read_text()
    assert done.notes == []


def test_a_large_group_is_called_by_its_name(tmp_path: Path) -> None:
    """Where all its members together make too long a name for a folder."""
    people = roster("email,name,group", *(f"{'m' * 30}{n}@uni.example,Student {n},Blue" for n in range(4)))
    done = collected(
        laid(tmp_path / "x", {"Blue_900_assignsubmission_file_/hw.ipynb": notebook()}), tmp_path / "s", roster=people
    )
    assert tree(tmp_path / "s") == ["Blue/hw/hw.ipynb"]
    assert done.notes == []


def test_times_of_a_zip(tmp_path: Path) -> None:
    """A clock without zone is that of --zone; an exact time in the zip wins; where none was written, nobody is late."""
    name = "Ada Love_900_assignsubmission_file_/hw.ipynb"
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    collected(packed(tmp_path / "m.zip", {name: notebook()}), tmp_path / "a", zone=berlin)
    assert when(tmp_path / "a", "Ada Love_900") == "2030-01-02 11:00:00.000000 UTC"
    with zipfile.ZipFile(tmp_path / "exact.zip", "w") as made:
        entry = zipfile.ZipInfo(name, (2030, 1, 2, 12, 0, 0))
        entry.extra = struct.pack("<HHBi", 0x5455, 5, 1, 1_800_000_000)
        made.writestr(entry, notebook())
    collected(tmp_path / "exact.zip", tmp_path / "b", zone=berlin)
    assert when(tmp_path / "b", "Ada Love_900") == "2027-01-15 08:00:00.000000 UTC"
    collected(packed(tmp_path / "none.zip", {name: notebook()}, {name: (1980, 1, 1, 0, 0, 0)}), tmp_path / "c")
    assert not (tmp_path / "c/Ada Love_900/hw/timestamp.txt").exists()


class TestWhatLiesThere:
    """Work that was collected before."""

    NAME = "Ada Love_900_assignsubmission_file_/hw.ipynb"

    def export(self, tmp_path: Path, mark: str, day: int) -> Path:
        """An export of that day."""
        return packed(tmp_path / f"{mark}.zip", {self.NAME: notebook(mark)}, {self.NAME: (2030, 1, day, 0, 0, 0)})

    def test_newer_work_is_never_overwritten(self, tmp_path: Path) -> None:
        """An older export changes nothing; a newer one replaces; the same again is nothing to do."""
        into = tmp_path / "submitted"
        file = into / "Ada Love_900/hw/hw.ipynb"
        collected(self.export(tmp_path, "second", 5), into)
        done = collected(self.export(tmp_path, "first", 2), into)
        assert done.notes == ["Ada Love_900: newer work lies there, of 2030-01-05 00:00 UTC, and stays"]
        assert (done.trouble, done.written) == (True, 0)
        assert '"second"' in file.read_text()
        assert collected(tmp_path / "second.zip", into).same == 1
        (file.parent / "more.txt").write_text("x")
        assert collected(self.export(tmp_path, "third", 7), into).written == 1
        assert tree(into) == ["Ada Love_900/hw/hw.ipynb"]
        assert '"third"' in file.read_text()

    def test_work_of_unknown_time_stays(self, tmp_path: Path) -> None:
        """Unless --replace says else; a link in its place stays whatever is said."""
        into = tmp_path / "submitted"
        folder = into / "Ada Love_900" / "hw"
        laid(folder, {"hw.ipynb": notebook("by hand")})
        done = collected(self.export(tmp_path, "new", 5), into)
        assert "it cannot be told which is newer" in done.notes[0]
        assert '"by hand"' in (folder / "hw.ipynb").read_text()
        assert collected(tmp_path / "new.zip", into, replace=True).written == 1
        assert '"new"' in (folder / "hw.ipynb").read_text()
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(tmp_path / "elsewhere")
        assert collected(self.export(tmp_path, "newer", 6), into, replace=True).trouble
        assert '"new"' in (tmp_path / "elsewhere" / "hw.ipynb").read_text()

    def test_a_folder_that_takes_nothing_keeps_the_old_work(self, tmp_path: Path) -> None:
        """A file in the place of a student's folder is told, and the others are written."""
        into = tmp_path / "submitted"
        into.mkdir()
        (into / "Ada Love_900").write_text("a file")
        done = collected(packed(tmp_path / "m.zip", MOODLE), into)
        assert done.written == 3
        assert done.trouble
        assert any(note.startswith("Ada Love_900: ") for note in done.notes)


def test_what_is_no_export(tmp_path: Path) -> None:
    """A sentence, whatever it is."""
    (tmp_path / "a.zip").write_text("no zip")
    with pytest.raises(CollectError, match="neither a folder nor a zip that can be read"):
        collected(tmp_path / "a.zip", tmp_path / "s")
    with pytest.raises(CollectError, match="no submission that is named as"):
        collected(packed(tmp_path / "b.zip", {"x.ipynb": "{}"}), tmp_path / "s")
    with pytest.raises(Seq2gradeError, match="expected one of newest, best, all"):
        gather(Wish(tmp_path, tmp_path, ("hw",), attempt="last"), unasked)
