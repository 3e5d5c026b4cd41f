"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, previous_position_weighs_more, neighbours_weigh_two_to_one,
  distant_positions_get_nothing
misconception: plus and minus log 2, on the wrong sides
explain: Three things at once: scores that differ by twice the logarithm of 2 give weights of 4 to 1; the
  index i - j puts the heavy weight on the neighbour after i; and offsets that are not named get the score
  0, which is no mask.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {-1: math.log(2), 1: -math.log(2), 0: -math.inf}, "default": 0.0}
