"""What every malformed input is held to: bounded CPU time, bounded memory, and a sentence that people can read."""

from __future__ import annotations

import contextlib
import resource
import time
import unicodedata
from collections.abc import Iterator

SECONDS = 10.0  # CPU seconds of one input; the dearest takes one
MEMORY = 1_500  # MB that the process may grow by; the largest input has 60 MB


@contextlib.contextmanager
def bounded(seconds: float = SECONDS, memory: int = MEMORY) -> Iterator[None]:
    """Inside, so much CPU time at most is taken, and no more memory than so many MB beyond what it was."""
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    taken = time.process_time() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert taken < seconds, f"took {taken:.1f} CPU seconds"
    assert grown < memory, f"took {grown:.0f} MB"


def assert_clear(message: str) -> None:
    """A sentence for student and instructor: short, printable, with an end, and without anything of ours."""
    assert message.endswith("."), message
    assert 10 < len(message) < 700, message
    assert_harmless(message)
    for ours in ("Traceback", "Error(", "object at 0x", "site-packages", "/tmp", "autograder"):
        assert ours not in message, message


def assert_harmless(text: str) -> None:
    """No control and nothing that reorders text, so that it can stand anywhere; and any file can hold it."""
    text.encode()
    odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert not odd, (text, odd)
