"""Measurements of the grader on the machine at hand."""
