"""Warm kernels, isolation and limits: runs a student's notebook and keeps it contained."""
