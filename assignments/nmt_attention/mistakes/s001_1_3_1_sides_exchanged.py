"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, previous_position_weighs_more
misconception: the neighbour before has index -1
explain: Your kernel is mirrored. For the neighbour before position i, j is i - 1, and so i - j is +1.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {-1: math.log(2), 1: 0.0}, "default": -math.inf}
