"""Concepts: small models, data and pictures for questions that are predicted first and measured then."""
