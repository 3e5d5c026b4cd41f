"""`seq2grade …`: arguments in, rendering out, nothing else.

Exit codes: 0 done; 1 done, but something needs a person (drift, a failed build or audit, points that could
not be checked, a submission that belongs to no assignment or cannot be saved under its name, results that could not
be saved); 2 wrong arguments or configuration; 3 no sandbox on this machine; 128 + n stopped by signal n.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import Annotated

import typer

from autograder import versions
from autograder.commands.audit import audit
from autograder.commands.build import build
from autograder.commands.calibrate import calibrate
from autograder.commands.collect import collect
from autograder.commands.coverage import coverage
from autograder.commands.demo import demo
from autograder.commands.doctor import doctor
from autograder.commands.exam import app as exam
from autograder.commands.explain import explain
from autograder.commands.export import app as export
from autograder.commands.fleet import app as fleet
from autograder.commands.grade import grade
from autograder.commands.import_ import import_
from autograder.commands.new import new
from autograder.commands.report import report
from autograder.commands.shared import out, say
from autograder.commands.show import show
from autograder.commands.status import status
from autograder.commands.train import train
from autograder.commands.try_ import try_
from autograder.commands.verify import verify
from autograder.errors import SandboxUnavailable, Seq2gradeError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _versions(wanted: bool) -> None:
    if wanted:
        out.print("\n".join(versions.lines()), markup=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_versions, is_eager=True, help="Print versions and exit.")
    ] = False,
) -> None:
    """Build auto-graded deep-learning assignments and grade submissions in a sandbox."""


# In the order in which a course is made and used.
for command in (
    new, import_, build, try_, audit, show, collect, grade, status, explain, verify, report, train, calibrate, coverage,
    doctor, demo,
):  # fmt: skip
    app.command(command.__name__.rstrip("_"))(command)
app.add_typer(export, name="export")
app.add_typer(exam, name="exam")
app.add_typer(fleet, name="fleet")


def main() -> None:
    """The console script: our errors become one clear line and an exit code; nothing becomes a traceback."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    try:
        app()
    except SandboxUnavailable as error:
        say(str(error))
        sys.exit(3)
    except Seq2gradeError as error:
        say(str(error))
        sys.exit(2)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"
        say(f"an error that should not be, please report it: {type(error).__name__}: {error} ({where})")
        sys.exit(2)
