"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, previous_position_weighs_more, neighbours_weigh_two_to_one
misconception: both neighbours alike
explain: Both neighbours get the same weight, but one should count twice as much.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: 0.0, -1: 0.0}, "default": -math.inf}
