"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, previous_position_weighs_more, neighbours_weigh_two_to_one
misconception: plus and minus log 2
explain: Scores that differ by twice the logarithm of 2 give weights of 4 to 1, and they are on the wrong
  sides: the neighbour before i has the index +1.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {-1: math.log(2), 1: -math.log(2)}, "default": -math.inf}
