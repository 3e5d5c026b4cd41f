"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, equal_inputs_come_out_threefold
misconception: the largest entry sets the scale
explain: You scale by the largest entry of the kernel. The weights sum to 1, so the scale is the sum of the
  kernel.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 2.0, "p": {1: math.log(2), -1: 0.0}, "default": -math.inf}
