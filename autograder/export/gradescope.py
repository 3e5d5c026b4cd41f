"""Gradescope: the results.json of one student, and the zip that grades there.

Source: Gradescope's documentation of autograders (specifications of the zip, of results.json and of its fields).
Without a results.json Gradescope shows no score and says that the autograder failed, so that it can be run again: that
is what becomes of a fault of ours.
"""

from __future__ import annotations

import io
import json
import shlex
import zipfile
from collections.abc import Mapping
from typing import Any

from autograder.export.attempts import NOT_GRADED, Metadata, Rules, counted
from autograder.export.public import Check, Item, Result, number, short
from autograder.model import Status
from autograder.report.plain import plain, worth

_MESSAGE = 4000
_EXECUTABLE = ("setup.sh", "run_autograder")
VENV = "/opt/seq2grade"

_SETUP = """#!/usr/bin/env bash
# Gradescope runs this once, as root, when it makes the image.
set -eu
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv
python3 -m venv {venv}
{venv}/bin/pip install --no-cache-dir --disable-pip-version-check {index}/autograder/source/wheels/*.whl
# Student code runs as a user of its own, who may read neither the grader nor the course.
chmod o-rwx {venv}/lib/python3*/site-packages/autograder
chmod -R go-rwx /autograder/source
"""

_RUN = """#!/usr/bin/env bash
# Gradescope runs this, as root, for each submission. Where it ends without a results.json there is no score, and it can
# be run again: that is meant, for then the fault is ours.
set -eu
base="${{SEQ2GRADE_BASE:-/autograder}}"
command="${{SEQ2GRADE_COMMAND:-{venv}/bin/seq2grade}}"
results="$base/results/results.json"
mkdir -p "$base/results"
rm -f "$results"
# Student code runs as a user of its own, and must not read the course or its results.
chmod 700 "$base/source" "$base/results" "$base/submission"
if ! find "$base/submission" -type f -iname '*.ipynb*' | grep -q .; then
    echo '{nothing}' > "$results"
    exit 0
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# Where no attempt is left, the one that counts is shown again.
if [ {attempts} != 0 ] && "$command" export gradescope-kept --metadata "$base/submission_metadata.json" {rules} \\
    --out "$results"; then
    exit 0
fi
mkdir -p "$work/submitted/student/{id}"
cp -R "$base/submission/." "$work/submitted/student/{id}/"
# Ends with 1 where points could not be checked: then the second command says so, and writes no score.
"$command" grade "$work/submitted" --assignment {id} --course "$base/source/course" --no-gradebook --jobs 1 \\
    --sandbox "${{SEQ2GRADE_SANDBOX:-container}}" --json "$work/results.json" || true
"$command" export gradescope-results "$work/results.json" --out "$results" --course "$base/source/course" \\
    --metadata "$base/submission_metadata.json" {rules}
"""


def results_json(result: Result, metadata: Metadata | None = None, rules: Rules | None = None) -> str:
    """One student's results.json: a test for each check, and the total; by `rules` that of an earlier attempt."""
    tests = [test for position, item in enumerate(result.items, 1) for test in _tests(position, item)]
    document: dict[str, Any] = {
        "score": short(result.total),
        "execution_time": round(result.seconds, 3),
        "output": _output(result),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    document = counted(document, metadata or Metadata(), rules or Rules())
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _output(result: Result) -> str:
    told = [plain(text, limit=_MESSAGE) for text in (result.error, result.late) if text]
    if result.pending:
        told.append(f"Still open, because of us: {worth(result.pending)}.")
    if result.waiting:
        told.append(f"A person grades {worth(result.waiting)} more, which are not counted here.")
    return "\n".join(told)


def _tests(position: int, item: Item) -> list[dict[str, Any]]:
    return [_test(f"{position}.{n}", item, check) for n, check in enumerate(item.checks, 1)]


def _test(place: str, item: Item, check: Check) -> dict[str, Any]:
    test = {
        "score": short(check.points),
        "max_score": short(check.max_points),
        "name": plain(f"{item.title}: {check.claim}", limit=400),
        "name_format": "text",
        "number": place,
        "output": plain(check.message, limit=_MESSAGE),
        "output_format": "text",
        "tags": [item.id],
        "visibility": "visible",
        "extra_data": {"id": check.id},
    }
    if check.status is not Status.COULD_NOT_CHECK:
        test["status"] = "passed" if check.status is Status.PASSED else "failed"
    return test


def archive(
    assignment: str,
    wheels: Mapping[str, bytes],
    course: Mapping[str, bytes],
    index: str = "",
    rules: Rules | None = None,
) -> bytes:
    """The zip to upload: both scripts, `wheels` by file name, and what lies in the course by its path there. `index`: a
    further package index for pip, such as one of CPU builds of torch. The same content gives the same bytes."""
    rules = rules or Rules()
    told = "No notebook (a file that ends in .ipynb) was handed in."
    nothing = {"score": 0, "output": told, "visibility": "visible", "extra_data": NOT_GRADED}
    more = f"--extra-index-url {shlex.quote(index)} " if index else ""
    files = {
        "setup.sh": _SETUP.format(venv=VENV, index=more).encode(),
        "run_autograder": _RUN.format(
            venv=VENV,
            id=shlex.quote(assignment),
            nothing=json.dumps(nothing),
            attempts=rules.most,
            rules=rules.options(),
        ).encode(),
        **{f"wheels/{name}": data for name, data in wheels.items()},
        **{f"course/{name}": data for name, data in course.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in _EXECUTABLE else 0o100644) << 16
            packed.writestr(entry, data)
    return buffer.getvalue()


def needs(memory_mb: int) -> str:
    """What to choose for the container there, in words."""
    return (
        f"A submission of this assignment may use {number(memory_mb)} MB, and the grader takes some 700 MB beside it. "
        "Gradescope's usual container has 768 MB and half a processor: choose a larger one, and a longer timeout "
        "(Configure Autograder, Container Specifications)."
    )
