"""
item: s004-1.13
cell: s004-1_13
caught_by: the_prefix_sees_all_of_itself, the_prefix_never_sees_the_rest, the_rest_sees_the_whole_prefix,
  the_rest_does_not_look_ahead
misconception: True means hidden
explain: Your mask is True where looking is forbidden. torch uses both conventions in different places; here
  True means allowed.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[:n, :n] = True
    return ~mask
