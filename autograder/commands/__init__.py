"""`seq2grade …`, one file per command: arguments in, rendering out, nothing else."""
