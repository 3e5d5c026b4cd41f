"""Optimisers: loss surfaces to walk on, rare and frequent words, and a race against a tuned baseline."""
