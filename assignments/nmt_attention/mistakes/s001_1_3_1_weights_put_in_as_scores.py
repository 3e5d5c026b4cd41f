"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, neighbours_weigh_two_to_one
misconception: p holds the weights
explain: You put the kernel itself into p. Softmax takes the exponential of a score, so 2 and 1 become a
  ratio of e to 1.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: 2.0, -1: 1.0}, "default": -math.inf}
