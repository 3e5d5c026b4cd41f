"""One warm process per backend for the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.sandbox.client import Zygote
from tests.sandbox import backends_here

Warm = Callable[[str], Zygote]


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The warm process of a backend by name, started when first asked for."""
    secret = tmp_path_factory.mktemp("course")
    running: dict[str, Zygote] = {}

    def get(name: str) -> Zygote:
        if name not in running:
            running[name] = Zygote(name, secret=(str(secret),))
            running[name].start()
        return running[name]

    yield get
    for zygote in running.values():
        zygote.close()


@pytest.fixture(scope="session", params=backends_here())
def zygote(request: pytest.FixtureRequest, warm: Warm) -> Zygote:
    """Each backend in turn."""
    return warm(request.param)
