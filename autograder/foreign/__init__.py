"""Notebooks that were written for nbgrader or otter, made into an assignment folder: `seq2grade import`."""

from autograder.foreign.bring import Brought, bring

__all__ = ["Brought", "bring"]
