"""What travels between whoever grades a class and the workers of a fleet (docs/fleet.md has it as a table).

There: msgpack, which holds bytes and cannot carry code. Back: JSON, written by the worker's own process and validated
field by field here. No object of a student's, and no pickle of one, is in either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgpack
from pydantic import TypeAdapter, ValidationError

from autograder.course import Spec
from autograder.errors import Seq2gradeError
from autograder.model import Collected, Grade, Limits, Repair, Submission

SCHEMA = "seq2grade-fleet/1"
_GRADE = TypeAdapter(Grade)


class BadAnswer(Seq2gradeError):
    """A worker answered something that is none of what is agreed."""


@dataclass(frozen=True)
class Greeting:
    """What a worker must have before it is given work: the course of `spec` with assignments of these `editions`
    (digests), the same `settings` (versions, sandbox, device; see Course.settings) and the same `code` (digest of our
    packages). `hidden`: what else lies on the machine and no submission may see."""

    spec: Spec
    settings: str
    code: str
    editions: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    def dump(self) -> bytes:
        """As bytes; the same greeting always as the same ones."""
        limits = asdict(self.spec.limits) if self.spec.limits is not None else None
        spec = {
            **{key: getattr(self.spec, key) for key in ("sandbox", "device", "retrain", "figures")},
            "limits": limits,
        }
        return _pack(
            {
                "schema": SCHEMA,
                "spec": {"root": str(self.spec.root), **spec},
                "settings": self.settings,
                "code": self.code,
                "editions": dict(sorted(self.editions.items())),
                "hidden": list(self.hidden),
            }
        )

    @staticmethod
    def load(data: bytes) -> Greeting:
        """Raises BadAnswer when it is of another schema."""
        found = _unpack(data)
        spec = found["spec"]
        limits = Limits(**spec["limits"]) if spec["limits"] is not None else None
        return Greeting(
            Spec(Path(spec["root"]), spec["sandbox"], spec["device"], limits, spec["retrain"],
                 figures=spec["figures"]),
            found["settings"], found["code"], found["editions"], tuple(found["hidden"]),
        )  # fmt: skip

    @property
    def key(self) -> str:
        """A name for what does not change during a run: all but the editions."""
        return hashlib.sha256(replace(self, editions={}).dump()).hexdigest()


@dataclass(frozen=True)
class Job:
    """One submission to grade, as it was read where it lies; `greeting` is the key of what the worker agreed to,
    `edition` the digest of the assignment by which the notebook was put right."""

    greeting: str
    collected: Collected
    edition: str
    seed: int
    earlier: Grade | None = None

    def dump(self) -> bytes:
        """As bytes. The notebook is JSON within them; the files are what they are."""
        one = self.collected
        return _pack(
            {
                "schema": SCHEMA,
                "greeting": self.greeting,
                "student": one.submission.student,
                "assignment": one.submission.assignment,
                "edition": self.edition,
                "seed": self.seed,
                "digest": one.digest,
                "notebook": json.dumps(one.notebook),
                "repaired": [asdict(repair) for repair in one.repaired],
                "files": one.files,
                "doubtful": one.doubtful,
                "earlier": dump_grade(self.earlier) if self.earlier is not None else None,
            }
        )

    @staticmethod
    def load(data: bytes) -> Job:
        """Raises BadAnswer when it is of another schema."""
        found = _unpack(data)
        collected = Collected(
            Submission(found["student"], found["assignment"], Path(found["assignment"])),
            found["digest"],
            json.loads(found["notebook"]),
            tuple(Repair(**repair) for repair in found["repaired"]),
            found["files"],
            found["doubtful"],
        )
        earlier = load_grade(found["earlier"]) if found["earlier"] is not None else None
        return Job(found["greeting"], collected, found["edition"], found["seed"], earlier)


@dataclass(frozen=True)
class Answer:
    """Of a worker: a grade; or why it is not fit (`refused`), which may pass (`later`); or that it has not been greeted
    (`unknown`); or, of a greeting, that it is fit (`ready`)."""

    grade: Grade | None = None
    refused: str = ""
    unknown: bool = False
    ready: bool = False
    later: bool = False

    def dump(self) -> bytes:
        """As JSON."""
        grade = json.loads(dump_grade(self.grade)) if self.grade is not None else None
        data = {"schema": SCHEMA, "grade": grade}
        data |= {"refused": self.refused, "unknown": self.unknown, "ready": self.ready, "later": self.later}
        return json.dumps(data).encode()

    @staticmethod
    def load(data: bytes) -> Answer:
        """Raises BadAnswer when it is anything else."""
        try:
            found = json.loads(data)
            if found["schema"] != SCHEMA:
                raise ValueError(found["schema"])
            grade = found["grade"] if found["grade"] is None else _GRADE.validate_python(found["grade"], strict=False)
            flags = (bool(found[name]) for name in ("unknown", "ready", "later"))
            return Answer(grade, str(found["refused"]), *flags)
        except (ValueError, TypeError, KeyError, ValidationError) as error:
            raise BadAnswer(f"a worker's answer cannot be read: {str(error)[:200]}") from error


def dump_grade(grade: Grade) -> str:
    """A whole grade, its notebook too, as JSON: the fields of autograder.model.Grade by their names."""
    return json.dumps({**asdict(grade), "unanswered": sorted(grade.unanswered)})


def load_grade(text: str) -> Grade:
    """Raises ValidationError where it is none."""
    return _GRADE.validate_python(json.loads(text), strict=False)


@cache
def code_digest() -> str:
    """Of the Python files that grade: ours and the students' kit. A version number does not tell two checkouts of one
    version apart."""
    found = hashlib.sha256()
    for name in ("autograder", "seq2kit"):
        spec = find_spec(name)
        for place in spec.submodule_search_locations or () if spec is not None else ():
            for path in sorted(Path(place).rglob("*.py")):
                found.update(f"{name}/{path.relative_to(place).as_posix()}\n".encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def _pack(data: dict[str, Any]) -> bytes:
    packed: bytes = msgpack.packb(data, unicode_errors="surrogatepass")
    return packed


def _unpack(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgpack.unpackb(data, unicode_errors="surrogatepass")
    if found.get("schema") != SCHEMA:
        raise BadAnswer(f"this is for {found.get('schema')}, and here is {SCHEMA}")
    return found
