"""Grades for other programs. Nothing here recomputes a point."""
