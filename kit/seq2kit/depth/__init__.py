"""Depth: how transformers start, what norms do to gradients, what attention alone forgets, and which heads matter."""
