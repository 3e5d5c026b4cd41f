"""Experiments with language models: stand-ins with which code around a model can be tried, questions, pictures."""
