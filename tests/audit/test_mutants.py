"""Machine-made mistakes: what is made, what is caught, and what an author reads of the rest."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.assignment import load_assignment
from autograder.audit.fork import in_fork
from autograder.audit.mutants.adopt import adopt
from autograder.audit.mutants.edits import Mutant
from autograder.audit.mutants.rank import BROKEN, DIFFERS, PUBLIC, SAME, SOME, Tried, ranked
from autograder.audit.mutants.run import MutantAudit, Plan, audit_mutants
from autograder.audit.quick import quick_audit
from autograder.errors import AssignmentError
from autograder.judge.trusted import Trusted
from tests.courses import Demo, write_chain

if TYPE_CHECKING:
    from tests.commands import Command

pytest_plugins = ["tests.commands"]

ALL = 1000
SQUEEZED = ("square", "return x * x", "return (x * x).squeeze()")
RECORD = """
[[equivalent]]
where = "square"
mutant = ["return x * x", "return (x * x).squeeze()"]
kind = "out of scope"
reason = "A vector of one entry is nobody's concern here."
"""


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """A course that nobody built: mutants need the text of an assignment only."""
    write_chain(tmp_path)
    return Demo(tmp_path)


def trusted(demo: Demo) -> Trusted:
    return Trusted.load(load_assignment(demo.root / "assignments" / "chain"))


def audit(demo: Demo, item: str = "square", **plan: object) -> MutantAudit:
    return audit_mutants(trusted(demo), Plan(**{"count": ALL, "items": (item,), "seeds": (1, 2), **plan}))  # type: ignore[arg-type]


def the(found: MutantAudit, new: str) -> Tried:
    return next(one for one in found.tried if one.mutant.new == new)


def test_what_a_sharp_check_catches(demo: Demo) -> None:
    """Mutants of both kinds are caught by the check of their property, each at every seed."""
    found = audit(demo)
    assert found.made == len(found.tried)
    assert the(found, "return x / x").outcome.always == ("entries_are_squared",)
    assert the(found, "return x").outcome.killed
    argument = the(found, "kept_result = x * x\nx.data.zero_()\nreturn kept_result")
    assert argument.outcome.failed == ("vector_is_unharmed",)
    assert argument not in found.survivors


def test_an_answer_that_is_an_entry_can_be_left_out() -> None:
    """What a trial of the reference entered into a dict of an earlier cell is not there for the mutants."""
    concepts = Path(__file__).parents[2] / "assignments" / "concepts"
    found = audit_mutants(Trusted.load(load_assignment(concepts)), Plan(ALL, (1,), ("s000-2.09",)))
    assert the(found, "pass").outcome.killed


def test_what_no_check_looks_at(demo: Demo) -> None:
    """A regime that no check enters is a survivor, told with its place and operator."""
    found = audit(demo)
    survivor = the(found, SQUEEZED[2])
    assert survivor in found.survivors
    assert survivor.rank == SAME
    told = f"{survivor.mutant.name} axes of size 1 vanish, square: `return x * x` -> `return (x * x).squeeze()`: {SAME}"
    assert f"square: {told}" in found.problems
    assert the(audit(demo, "length"), "return square(x).mean().sqrt()").outcome.failed == ("length_is_euclidean",)


@pytest.mark.parametrize(("file", "old", "new", "rank"), [
    ("checks.py", 'expect.close(student.square(x), x**2, what="square(x)", hint="one product per entry")',
     "expect.true(len(student.square(x)) == 7, 'no')", DIFFERS),
    ("checks.py", 'expect.close(student.square(x), x**2, what="square(x)", hint="one product per entry")',
     "expect.true(float(student.square(x)[0]) != float(x[0]) or float(x[1]) > 0, 'no')", SOME),
    ("checks.py", "x = draw.tensor(5)", "x = draw.tensor(5)\n    assert float(student.square(x)[0]) != float(x[0])",
     BROKEN),
])  # fmt: skip
def test_blunt_checks(demo: Demo, file: str, old: str, new: str, rank: str) -> None:
    """What a blunt, an unsteady or a breaking check makes of `return x` is told for what it is, and stands before
    survivors that merely answer as the reference."""
    demo.edit(file, old, new, "chain")
    found = audit(demo, seeds=(1, 2, 3, 4, 5, 6, 7, 8) if rank == SOME else (1, 2))
    assert the(found, "return x").rank == rank
    ranks = [one.rank for one in found.survivors]
    assert ranks.index(rank) < ranks.index(SAME)
    assert ranked(found.tried)[0].rank == ranks[0]


def test_public_tests_know_better(demo: Demo) -> None:
    """A mutant that fails a test which students see, and no hidden check, is a sure survivor."""
    demo.edit(
        "notebook.py",
        'assert square(torch.zeros(2)).shape == (2,), "one entry per entry"',
        'assert square(torch.zeros(1)).shape == (1,), "one entry per entry"',
        "chain",
    )
    survivor = the(audit(demo), SQUEEZED[2])
    assert (survivor.rank, survivor.outcome.public) == (PUBLIC, "AssertionError: one entry per entry")


def test_a_sample_is_one_of_each_operator_in_turn(demo: Demo) -> None:
    """The sample is the same each time, and has different operators before it has two of one."""
    names = [[one.mutant.name for one in audit(demo, count=5).tried] for _ in range(2)]
    assert names[0] == names[1]
    assert len({one.mutant.operator for one in audit(demo, count=5).tried}) == 5


def test_a_record_is_for_one_mutant(demo: Demo) -> None:
    """A recorded mutant is no problem; the others still are."""
    before = audit(demo)
    demo.edit("mistakes/square.toml", "[doubles]", RECORD + "\n[doubles]", "chain")
    after = audit(demo, count=1)
    assert [record.kind for record in after.recorded.values()] == ["out of scope"]
    assert SQUEEZED in {one.mutant.key for one in after.tried}
    assert SQUEEZED not in {one.mutant.key for one in after.survivors}
    assert len(audit(demo).problems) == len(before.problems) - 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "return (x * x).squeeze()",
            "return (x * x).unsqueeze()",
            "a record is stale, since no mutant of the solution is",
        ),
        ("return (x * x).squeeze()", "return x / x", "is recorded as out of scope, and is caught"),
        ('where = "square"', 'where = "cube"', "a record is stale"),
    ],
)
def test_a_stale_record_is_a_problem(demo: Demo, old: str, new: str, told: str) -> None:
    """A record that fits no mutant, or one that is caught, is named."""
    demo.edit("mistakes/square.toml", "[doubles]", RECORD.replace(old, new) + "\n[doubles]", "chain")
    assert [line for line in audit(demo).faults if line.startswith("square: ") and told in line]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "out of scope"', 'kind = "boring"', "equivalent[0].kind: expected one of equivalent, out of scope"),
        ("reason", "reasons", "equivalent[0].reasons: unknown key"),
        (', "return (x * x).squeeze()"]', "]", "equivalent[0].mutant"),
    ],
)
def test_a_record_is_strict(demo: Demo, old: str, new: str, told: str) -> None:
    """A record of no known form is refused when the assignment is loaded."""
    demo.edit("mistakes/square.toml", "[doubles]", RECORD.replace(old, new) + "\n[doubles]", "chain")
    with pytest.raises(AssignmentError) as refused:
        trusted(demo)
    assert told in str(refused.value)


def test_adopted_mutants_are_mistakes(demo: Demo) -> None:
    """What `adopt` writes loads, and is caught as declared; a second time is refused, as is what nothing catches."""
    found = audit(demo)
    wrong = audit(demo, count=0, name=the(found, "return x / x").mutant.name).tried
    assert [one.mutant.new for one in wrong] == ["return x / x"]
    path = adopt(trusted(demo).assignment, wrong[0])
    declared = trusted(demo).assignment.mistakes
    mine = next(mistake for mistake in declared if mistake.name == f"square_mutant_{wrong[0].mutant.name}")
    assert (mine.path, mine.caught_by) == (path, ("entries_are_squared",))
    assert ast.unparse(ast.parse(mine.code)) == wrong[0].mutant.code
    assert quick_audit(trusted(demo), 3).problems == ()
    with pytest.raises(AssignmentError, match="declared already"):
        adopt(trusted(demo).assignment, wrong[0])
    with pytest.raises(AssignmentError, match="sharpen one first"):
        adopt(trusted(demo).assignment, the(found, SQUEEZED[2]))


def test_endless_and_deadly_mutants_are_caught(demo: Demo) -> None:
    """A mutant that never ends, or takes its process along, is caught; the audit goes on."""
    solution = "n = 3\n    while n > 0:\n        n = n - 1\n    return x * x"
    demo.edit("notebook.py", "return x * x", solution, "chain")
    endless = Mutant("", "square", "n = n - 1", "n = n + 1", "", 0)
    tried = audit(demo, count=0, name=endless.name).tried
    # by whose limit, that of the trial or that of a check, is a matter of how fast the machine is just now
    assert [(one.mutant.new, one.rank) for one in tried] == [("n = n + 1", "")]
    assert in_fork(lambda: __import__("os")._exit(3), 5.0).why.startswith("its process ended")


def test_a_fork_keeps_to_the_memory_that_it_may_take() -> None:
    """What has no room where it is graded has none in an audit."""
    assert in_fork(lambda: len(bytearray(64 * 2**20)), 5.0, memory=256 * 2**20).data == 64 * 2**20
    assert "MemoryError" in in_fork(lambda: len(bytearray(512 * 2**20)), 5.0, memory=256 * 2**20).data["broken"]


def test_the_reference_must_pass(demo: Demo) -> None:
    """Where a check refuses the solution, no mutant of its item is tried, and the check is named."""
    demo.edit("checks.py", "x**2, what", "x**3, what", "chain")
    found = audit(demo)
    assert found.tried == []
    assert "entries_are_squared is failed for the reference at seed 1" in found.faults[0]


def test_the_command(demo: Demo, seq2grade: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """`audit --mutants` lists survivors and ends with 1; with everything recorded or caught it ends with 0; --adopt
    writes the table."""
    monkeypatch.chdir(demo.root)
    ran = seq2grade("audit", "chain", "--mutants", ALL, "--item", "square", "--seeds", 2)
    assert ran.code == 1
    assert "return (x * x).squeeze()" in ran.out
    name = next(one for one in audit(demo).tried if one.mutant.new == "return x / x").mutant.name
    assert seq2grade("audit", "chain", "--adopt", name, "--seeds", 2).code == 0
    assert f"[mutant_{name}]" in (demo.root / "assignments/chain/mistakes/square.toml").read_text(encoding="utf-8")
    assert seq2grade("audit", "chain", "--adopt", "nothing").code == 2
    assert seq2grade("audit", "chain", "--item", "cube", "--mutants", 3).code == 2
    demo.edit("mistakes/square.toml", "[doubles]", RECORD + "\n[doubles]", "chain")
    records = [one.mutant for one in audit(demo).survivors]
    text = "".join(
        f"[[equivalent]]\nwhere = '{m.where}'\nmutant = ['''{m.old}''', '''{m.new}''']\n"
        "kind = 'equivalent'\nreason = 'tried'\n"
        for m in records
    )
    demo.edit("mistakes/square.toml", "[doubles]", text + "\n[doubles]", "chain")
    ran = seq2grade("audit", "chain", "--mutants", ALL, "--item", "square", "--seeds", 2)
    assert (ran.code, "0 problems" in ran.out) == (0, True), ran.out


def test_later_items_look_too(demo: Demo) -> None:
    """What the checks of its own item let through, and those of another one that asks for it catch, is caught."""
    demo.edit(
        "checks.py",
        'expect.close(student.square(x), x**2, what="square(x)", hint="one product per entry")',
        "expect.true(len(student.square(x)) == 7, 'no')",
        "chain",
    )
    old = "    expect.close(student.length(x), x.norm()"
    demo.edit("checks.py", old, f"    expect.close(student.square(x), x**2, what='square(x)')\n{old}", "chain")
    wrong = the(audit(demo), "return x / x")
    assert (wrong.outcome.failed, wrong.outcome.elsewhere, wrong.rank) == ((), ("length_is_euclidean",), "")
