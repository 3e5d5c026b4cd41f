"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: distant_positions_get_nothing, convolution_away_from_the_ends
misconception: fifty positions are enough
explain: You list the offsets up to 50 and leave the default at 0. In a longer sequence the offsets beyond get
  weight. The default is for all offsets that are not named.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {**dict.fromkeys(range(-50, 51), -math.inf), 1: math.log(2), -1: 0.0}, "default": 0.0}
