"""
item: s004-1.13
cell: s004-1_13
caught_by: the_rest_sees_the_whole_prefix
misconception: the last token of the prompt sums it up
explain: What comes after the prefix sees only the prefix's last token. All of the prefix is known, so all of it may
  be looked at.
"""

def prefix_mask(n, m):
    mask = torch.ones(n + m, n + m, dtype=torch.bool).tril()
    mask[:n, :n] = True
    mask[n:, : max(0, n - 1)] = False
    return mask
