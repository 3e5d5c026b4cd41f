"""What a test may not do if it is to be carried over."""

from __future__ import annotations


class Refused(Exception):
    """Why a statement stays behind, in words for the author."""


WORLD = frozenset({
    "open", "input", "exec", "eval", "compile", "globals", "locals", "vars", "dir", "get_ipython", "__import__",
    "breakpoint", "exit", "quit", "setattr", "delattr", "id", "help", "super",
})  # fmt: skip
RANDOM = frozenset({"manual_seed", "seed", "default_rng", "rand", "randn", "randint", "rand_like", "randn_like"})
