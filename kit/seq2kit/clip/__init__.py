"""A small CLIP and its world of coloured shapes."""
