"""Language models that are opened once, before the forks."""

from __future__ import annotations

from autograder.sandbox.client import Zygote
from tests.support import ran, statuses, text

_OPEN = """
from seq2kit.llm import load, sources
print(*sources._LOADED)
print(load("small").generate("cat -> tac\\ndog -> god\\nsun ->", max_new_tokens=9, stop=["\\n"]).text)
"""


def test_forks_find_the_models_that_were_opened(zygote: Zygote) -> None:
    """A notebook's process has the model at once, and uses it; a second request for it does nothing."""
    zygote.open_models(["small"])
    zygote.open_models(["small"])
    with ran(zygote, _OPEN) as session:
        assert statuses(session) == ["ok"]
        assert text(session) == "small\n nus\n"
