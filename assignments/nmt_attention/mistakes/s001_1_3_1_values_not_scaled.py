"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, equal_inputs_come_out_threefold
misconception: the weights are the kernel
explain: Your weights have the right ratio, but they sum to 1, and the kernel sums to more. Something else
  has to make up for it.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 1.0, "p": {1: math.log(2), -1: 0.0}, "default": -math.inf}
