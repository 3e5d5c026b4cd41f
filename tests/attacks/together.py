"""The cheats that walls have to hold, as one batch, in the sandbox that the environment names (see tests/sandbox). Not
collected with the other tests: test_container.py runs it where that sandbox can be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.course import Course
from autograder.fleet.local import grade_many
from autograder.sandbox.client import Zygote
from tests.attacks import CANARY, RIGHT_ANSWER, RIGHT_CHOICE
from tests.attacks.cheat import cheats, hidden_words, student_sees
from tests.attacks.test_attacks import FULL, SEED, SHORT, told
from tests.courses import Demo

pytest_plugins = ["tests.courses"]

HONEST = 6
# Whether wrong work gains points, or right work loses any, is decided outside of the student's process, the same
# everywhere; test_attacks.py tries it. What gets out, and what it does to others, depends on the walls.
OF_THE_WALLS = {"contained", "no leak"}


def test_no_cheat_gains_among_others(demo: Demo, warm_zygote: Zygote, tmp_path: Path) -> None:
    """Side by side, each cheat comes to its verdict, and honest work among them gets full marks."""
    for assignment in FULL:
        with (demo.root / "assignments" / assignment / "checks.py").open("a") as file:
            file.write(f'\nREFERENCE = "{CANARY}"\n')
    held = [cheat for cheat in cheats() if cheat.expect in OF_THE_WALLS]
    tried = {cheat.name: cheat for cheat in held if cheat.needs <= warm_zygote.backend.isolates}
    assert len(tried) > len(held) / 2
    handed_in = [cheat.hand_in(demo, name) for name, cheat in tried.items()]
    solved = demo.solved(tempered_softmax=RIGHT_ANSWER, hot_limit=RIGHT_CHOICE)
    for number in range(HONEST):
        handed_in.insert(number * len(handed_in) // HONEST, demo.hand_in(f"alice{number}", solved))
    course = Course(demo.root, warm_zygote, replace(SHORT, check_seconds=4.0))
    grades = {grade.student: grade for grade in grade_many(course, handed_in, jobs=4, seed=SEED)}
    assert set(grades) == {submission.student for submission in handed_in}
    wrong = []
    for name, cheat in tried.items():
        grade = grades[name]
        seen = student_sees(grade, tmp_path / name)
        leaked = [word for word in hidden_words(SEED) if word in seen]
        if grade.score not in cheat.points or grade.pending or leaked:
            wrong.append(f"{name}: {leaked} {told(grade)}")
        try:
            getattr(cheat.module, "after", lambda grade, seen: None)(grade, seen)
        except AssertionError:
            wrong.append(f"{name}: {[cell.get('outputs') for cell in grade.notebook['cells']]}")
    assert not wrong, "\n\n".join(wrong)
    honest = [grades[f"alice{number}"] for number in range(HONEST)]
    assert [(grade.score, grade.pending) for grade in honest] == [(6.0, 0.0)] * HONEST, honest
