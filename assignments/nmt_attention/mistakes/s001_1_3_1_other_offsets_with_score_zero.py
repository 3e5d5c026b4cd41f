"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, distant_positions_get_nothing
misconception: what is not named does not count
explain: All offsets that you do not name have the score 0. That is a weight like any other, and the longer
  the sequence, the more of them there are.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0, 0: -math.inf}, "default": 0.0}
