"""Attention that costs less: spectra of real heads, a GPT whose attention can be exchanged, memory, pictures."""
