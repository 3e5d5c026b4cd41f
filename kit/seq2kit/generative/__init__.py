"""Generative models on small real digits: noise, diffusion, and a variational bottleneck."""
