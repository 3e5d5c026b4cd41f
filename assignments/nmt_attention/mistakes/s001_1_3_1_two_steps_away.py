"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, previous_position_weighs_more, distant_positions_get_nothing
misconception: the kernel starts at the position itself
explain: Your kernel is shifted: one of its weights is on the position two steps away, none on the position
  after.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {2: math.log(2), 0: 0.0}, "default": -math.inf}
