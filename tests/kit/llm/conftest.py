"""The language models that are on this machine, each opened once."""

from __future__ import annotations

import pytest
from seq2kit.llm import LocalModel, installed, load

# SmolLM2 takes part where its package is installed (`make` does that where the index has it).
MODELS = ["small", *(["smollm2"] if installed("smollm2") else [])]


@pytest.fixture(scope="session", params=MODELS)
def model(request: pytest.FixtureRequest) -> LocalModel:
    """Each model in turn."""
    opened = load(request.param)
    assert isinstance(opened, LocalModel)
    return opened


@pytest.fixture(scope="session")
def small() -> LocalModel:
    """The one that is there always."""
    return load("small")
