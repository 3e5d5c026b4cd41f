"""One warm process per backend for the whole run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.sandbox.client import Zygote
from tests.sandbox import BY_THE_GRADER, BY_THE_NOTEBOOK, CHOSEN, backends_here

Warm = Callable[[str], Zygote]

OPEN_FILES = {
    "assignments/demo/checks.py": 0o644, "source/demo/demo.ipynb": 0o644, "solutions/demo/demo.ipynb": 0o644,
    "submitted/ada/demo/demo.ipynb": 0o644, "autograded/ada/demo/demo.ipynb": 0o444, "gradebook.db": 0o644,
    "reports/demo/class.html": 0o644, ".git/objects/aa": 0o444, "release/demo/demo.ipynb": 0o644,
    "kit/seq2kit/__init__.py": 0o644, "README.md": 0o644, "nbgrader_config.py": 0o644,
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What differs between backends is tried with each of them by `make test`, all else with the strongest; with the
    others it takes its place among the long tests."""
    for item in items:
        backend = getattr(item, "callspec", None) and item.callspec.params.get("zygote")  # type: ignore[attr-defined]
        same = any(word in item.name for word in BY_THE_GRADER + BY_THE_NOTEBOOK)
        if same and backend not in (None, backends_here()[0]) and CHOSEN not in os.environ:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def course() -> Iterator[Path]:
    """A course that everybody can read, in a folder that everybody can pass."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        for name, mode in OPEN_FILES.items():
            path = Path(folder, "course", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("secret")
            path.chmod(mode)
        for place, _, _ in os.walk(folder):
            os.chmod(place, 0o755)
        yield Path(folder, "course")


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The warm process of a backend by name, started when first asked for."""
    secret = tmp_path_factory.mktemp("course")
    running: dict[str, Zygote] = {}

    def get(name: str) -> Zygote:
        if name not in running:
            running[name] = Zygote(name, secret=(str(secret),), modules=())
            running[name].start()
        return running[name]

    yield get
    for zygote in running.values():
        zygote.close()


@pytest.fixture(scope="session", params=backends_here())
def zygote(request: pytest.FixtureRequest, warm: Warm) -> Zygote:
    """Each backend in turn."""
    return warm(request.param)


@pytest.fixture(scope="session")
def warm_backend(warm: Warm) -> Zygote:
    """The strongest backend that is tried here."""
    return warm(backends_here()[0])
