"""Malformed input, made by a program: notebooks and zips from a disk, frames from a guest, messages from a kernel.

`make test` tries some 100 of each kind, the same each time; `make fuzz` 2,000 of each, others at every run.
"""
