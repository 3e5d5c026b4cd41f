"""The exception tree. `Feedback` is the only class whose text a student may read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class Seq2gradeError(Exception):
    """Anything we report to an instructor: says what is wrong and what to do about it."""


class AssignmentError(Seq2gradeError):
    """An assignment folder that cannot be used: names the file, the key and what is expected."""

    def __init__(self, file: Path | str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: {expected}")
        self.file, self.key, self.expected = Path(file), key, expected


class BuildError(Seq2gradeError):
    """Source text that does not become a releasable assignment."""


class LeakError(BuildError):
    """A solution, a hidden check, or a name of one, found in what students receive."""


class CollectError(Seq2gradeError):
    """A submission that cannot be read as a notebook at all; flagged for the instructor."""


class SandboxError(Seq2gradeError):
    """The sandbox or the machine failed: never the student's fault."""


class SandboxUnavailable(SandboxError):
    """This machine cannot isolate; the message says what is missing."""


class FleetError(Seq2gradeError):
    """The workers of a fleet cannot be reached, or none of them is fit; what was graded until then is kept."""


class GradebookError(Seq2gradeError):
    """The gradebook cannot be read or written."""


class GradebookDown(GradebookError):
    """The database itself does not answer or takes nothing: busy, full, read-only, gone. It may be back later."""


class ProtocolError(Seq2gradeError):
    """The far side of the wire sent something that is not plain, bounded data."""


class TooMuch(ProtocolError):
    """The far side of the wire sent more than anything that is asked for can need."""


class ChannelClosed(ProtocolError):
    """The process that answers for the student's notebook ended before it answered."""


class NotRunAgain(ChannelClosed):
    """The process that answers ended while other checks were served, and the notebook is not run once more. What it
    would have answered, nobody knows."""


class ChannelTimeout(ProtocolError):
    """The process that answers for the student's notebook did not answer in time."""


@dataclass
class Feedback(Exception):
    """A broken property, in the language of the subject. The only text students may be shown.

    message: names the property that is broken; hint: a likely cause; detail: for the
    instructor only (values, seeds); picture: self-contained SVG, or ""; given: with what the
    code was called that raised (names, shapes and dtypes, never a value).
    """

    message: str
    hint: str = ""
    detail: str = ""
    picture: str = ""
    given: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
