"""
item: s001-1.3.1
cell: s001-1_3_1
caught_by: convolution_away_from_the_ends, neighbours_weigh_two_to_one
misconception: any logarithm will do
explain: You took a logarithm of base 2. Softmax uses powers of e, so the scores have to be natural
  logarithms.
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log2(2), -1: 0.0}, "default": -math.inf}
