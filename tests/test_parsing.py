"""Sources are parsed by one thread at a time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, wait

from autograder import parsing


def test_one_thread_waits_for_another() -> None:
    """What is asked for while another thread parses comes when that one is done."""
    with ThreadPoolExecutor(1) as threads:
        with parsing._lock:
            asked = threads.submit(parsing.parse, "x = 1")
            assert not wait([asked], 0.3).done
        assert len(asked.result(60).body) == 1


def test_a_fork_while_another_thread_parses_can_parse() -> None:
    """The lock that the other thread holds is not taken along."""
    with parsing._lock:
        child = os.fork()
        if child == 0:
            os._exit(0 if len(parsing.parse("x = 1").body) == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0
