"""Recurrent networks: the graph of one, and gradients over depth."""
