"""What grades in other people's pipelines: the image, GitHub's reusable workflow, GitLab's template.

Each fits the schema of its system, and the commands in it are run here as they stand. Only what would install, or
change the machine, is taken down instead of done: tests/test_try_it.py installs the wheels.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from tests.courses import Demo

pytest_plugins = ["tests.courses"]

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
GITHUB = ROOT / ".github" / "workflows" / "grade.yml"
GITLAB = ROOT / "ci" / "gitlab-grade.yml"
DOCKERFILE = ROOT / "Dockerfile"
WRONG = "def square(x):\n    return x + 1\n"
_NOTED = ("pip", "sudo")


def examples(page: str) -> list[str]:
    """The YAML blocks of a page of the documentation."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def valid(schema: str, *files: Path) -> None:
    """Held against the schema that check-jsonschema brings; nothing is downloaded."""
    transform = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *transform, *map(str, files)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_are_what_github_takes(tmp_path: Path) -> None:
    """Ours, the one for whoever calls it in the documentation, and the one of a new course."""
    shown = [text for text in examples("ci.md") if "\njobs:" in f"\n{text}"]
    assert shown
    files = [tmp_path / f"{number}.yml" for number in range(len(shown))]
    for file, text in zip(files, shown, strict=True):
        file.write_text(text)
    course = tmp_path / "course.yml"
    template = ROOT / "autograder/build/course_template/dot-github/workflows/course.yml.txt"
    course.write_text(template.read_text(encoding="utf-8"))
    valid("github-workflows", *sorted(GITHUB.parent.glob("*.yml")), *files, course)


def test_the_template_is_what_gitlab_takes(tmp_path: Path) -> None:
    """Ours, and the one for whoever includes it in the documentation."""
    shown = [text for text in examples("ci.md") if "include:" in text]
    assert shown
    (tmp_path / "shown.yml").write_text(shown[0])
    valid("gitlab-ci", GITLAB, tmp_path / "shown.yml")


def test_a_schema_refuses_what_is_wrong(tmp_path: Path) -> None:
    """The tests above can fail."""
    (tmp_path / "wrong.yml").write_text(GITHUB.read_text().replace("runs-on:", "run-on:"))
    with pytest.raises(AssertionError, match="runs-on"):
        valid("github-workflows", tmp_path / "wrong.yml")


def test_the_dockerfile_is_sound() -> None:
    """The linter has nothing to say; what is copied is there and is let through; each command is shell."""
    subprocess.run([str(BIN / "hadolint"), str(DOCKERFILE)], check=True)
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    listed = _steps()
    for word, rest in listed:
        if word == "COPY":
            sources = rest.split()[:-1]
            assert all((ROOT / name).exists() for name in sources)
            assert set(sources) <= let_through
        if word == "RUN":
            subprocess.run(["sh", "-n"], input=rest, text=True, check=True)
    assert sum(word == "RUN" for word, _ in listed) == DOCKERFILE.read_text().count("\nRUN ")
    assert ("ARG", "INDEX=https://download.pytorch.org/whl/cpu") in listed
    assert ("ARG", "INDEX=https://download.pytorch.org/whl/cu128") in _steps("--build-arg", "VARIANT=cu128")


def _steps(*options: str) -> list[tuple[str, str]]:
    command = [sys.executable, str(ROOT / ".ci" / "image_steps.py"), "--list", *options]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in text.splitlines()]


def machine(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which the commands of this checkout are found, and pip and sudo only write down their words."""
    shims = folder / "shims"
    shims.mkdir()
    for name in _NOTED:
        (shims / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {shlex.quote(str(folder / "noted"))}\n')
        (shims / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "SEQ2GRADE_"))}
    return kept | {"PATH": f"{shims}:{BIN}:{os.environ['PATH']}", "HOME": str(folder)} | more


def shell(script: str, place: Path, environment: Mapping[str, str]) -> str:
    """What a script printed; it has to end well."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(
        command, cwd=place, env=dict(environment), check=False, timeout=280, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}"
    return done.stdout


@pytest.mark.long
def test_the_steps_of_the_workflow(demo: Demo, sandbox: str, tmp_path: Path) -> None:
    """A pull request with a wrong answer, step by step: graded, shown in the summary, annotated, and no secret kept."""
    workflow = yaml.safe_load(GITHUB.read_text())
    # YAML reads the key `on` as true.
    inputs = {name: wish.get("default", "") for name, wish in workflow[True]["workflow_call"]["inputs"].items()}
    inputs |= {"course": "OWNER/course", "work": "hw/chain.ipynb", "sandbox": sandbox}
    place = tmp_path / "runner"
    (place / "work" / "hw").mkdir(parents=True)
    (place / "work" / "hw" / "chain.ipynb").write_text(json.dumps(demo.solved("chain", square=WRONG)))
    (demo.root / "wheels").mkdir()
    for name in ("seq2grade_kit-1-py3-none-any.whl", "seq2grade-1-py3-none-any.whl"):
        (demo.root / "wheels" / name).touch()
    (place / "course").symlink_to(demo.root)
    summary = tmp_path / "summary.md"
    environment = machine(tmp_path, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    printed = ""
    steps = [step for step in workflow["jobs"]["grade"]["steps"] if "run" in step]
    for step in steps:
        assert "${{" not in step["run"], "a name that somebody chooses would be code"
        told = {name: _input(value, inputs) for name, value in step.get("env", {}).items()}
        printed += shell(step["run"], place, environment | told)
    assert len(steps) == 4
    assert "pip install course/wheels/seq2grade_kit-1-py3" in (tmp_path / "noted").read_text()
    assert summary.read_text().startswith("## chain: chain")
    assert re.search(r"^::error file=hw/chain.ipynb,title=Squares", printed, re.MULTILINE), printed
    assert (place / "junit.xml").read_text().startswith("<?xml")
    assert (place / "reports" / "chain").is_dir()
    assert json.loads((place / "results.json").read_text())["submissions"][0]["score"] < 6


def _input(text: str, inputs: Mapping[str, Any]) -> str:
    found = re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", text)
    assert found is not None, text
    return str(inputs[found[1]])


@pytest.mark.long
def test_the_script_of_the_template(demo: Demo, sandbox: str, tmp_path: Path) -> None:
    """A merge request: the course is cloned, the work graded, summary and JUnit left; results and token are not."""
    job = yaml.safe_load(GITLAB.read_text())[".seq2grade"]
    place = tmp_path / "project"
    place.mkdir()
    (place / "chain.ipynb").write_text(json.dumps(demo.solved("chain")))
    commit = "git init -q . && git add -A && git -c user.name=x -c user.email=x@example.org commit -qm x"
    environment = machine(tmp_path)
    shell(commit, demo.root, environment)
    environment |= {name: str(value) for name, value in job["variables"].items()}
    environment |= {
        "COURSE_URL": f"file://{demo.root}", "COURSE": str(tmp_path / "cloned"), "COURSE_TOKEN": "a-token",
        "SANDBOX": sandbox,
    }  # fmt: skip
    shell("\n".join(job["script"]), place, environment)
    printed = shell("\n".join(job["after_script"]), place, environment)
    assert "6 of 6" in printed
    assert sorted(path.name for path in place.iterdir()) == ["chain.ipynb", "junit.xml", "summary.md"]
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and b"a-token" in path.read_bytes()]
    assert not kept
    assert job["artifacts"]["paths"] == ["summary.md"]
