"""Translating words into Pig Latin: data, models to put layers into, pictures."""
