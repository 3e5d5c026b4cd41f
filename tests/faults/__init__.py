"""Faults of the machine, injected into a real `seq2grade grade` while it grades a class."""
