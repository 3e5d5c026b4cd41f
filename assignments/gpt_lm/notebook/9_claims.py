# %% [markdown]
# ## What holds of a published answer, and what does not
#
# | its claim | here |
# |---|---|
# | `2.50M parameters` for its gpt-nano | holds without the head: 2,498,784. With it, 4,911,120. |
# | iteration 0: loss 10.83610, close to $\ln 50257 = 10.825$ | holds, and so does ours: a start with standard deviation 0.02 costs about 0.01 nats over $\ln V$ |
# | iteration 0: perplexity 50,823.046 for a loss of 10.83610 | $e^{10.83610} = 50822.8$; the rounded loss allows 50822.5 to 50823.04. The printed number is just outside. A mean of exponentials over batches, which is never below the exponential of the mean, would do that. This is our inference: the losses of the batches are not printed |
# | 61.11 s on a CPU against 3.65 s on a GPU, 16.7 times | the ratio is right; the measurement has neither warm-up nor synchronisation, so nobody knows what was timed. Measure yours in Part 5 |
# | a falling loss shows that the model learns | not by itself: a model that sees the future has a falling loss too. Falling *towards* a known floor, and staying above it, does |
# | one run is enough | for the size of the gap it is not: over eight seeds ours lies between 0.007 and 0.009 nats above the best possible |
#
# What does *not* hold here either: a gap this small says nothing about real text, where grammar is not finite and the floor is
# not known; and a loss near the floor is not "understanding". Look at the red words in Part 4: at temperature 1 a few
# sentences in a hundred still break a rule that the model follows nearly always.
