"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, neighbours_weigh_two_to_one
misconception: plus and minus log 2 make two to one
explain: Your neighbours weigh 4 to 1. It is the difference of two scores that becomes a ratio, and yours
  differ by twice the logarithm of 2.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: -math.log(2)}, "default": -math.inf}
