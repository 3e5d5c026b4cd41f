"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, distant_positions_get_nothing
misconception: minus five is minus infinity
explain: Your penalty for other offsets is too small: each of them still gets a little weight, and it adds
  up.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0}, "default": -5.0}
