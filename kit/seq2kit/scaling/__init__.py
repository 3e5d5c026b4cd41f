"""Scaling laws: runs that were made, and worlds in which every answer is known."""
