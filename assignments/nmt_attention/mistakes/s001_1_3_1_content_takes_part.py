"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, weights_ignore_the_content
misconception: queries and keys are 1 by default
explain: Your scores contain the product of the inputs, so the weights change with them. A convolution has
  fixed weights.
"""

conv_params = {"WQ": 1.0, "WK": 1.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0}, "default": -math.inf}
