"""Typed blocks, shown as HTML, Markdown and in the terminal. Displays points, never computes any."""
