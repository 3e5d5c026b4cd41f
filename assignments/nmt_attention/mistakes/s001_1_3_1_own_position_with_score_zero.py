"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, own_position_gets_nothing
misconception: a score of 0 is a weight of 0
explain: The position itself has the score 0 and so gets as much weight as the neighbour with score 0. The
  middle of the kernel is 0.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), 0: 0.0, -1: 0.0}, "default": -math.inf}
