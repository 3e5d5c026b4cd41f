"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_sees_all_of_itself, empty_halves_make_sense
misconception: a decoder-only model is causal, also inside its prompt
explain: That is the plain causal mask: in your prefix, nobody looks ahead. The prefix is known from the
  start, so its tokens may all see one another.
"""

def prefix_mask(n, m):
    return torch.ones(n + m, n + m, dtype=torch.bool).tril()
