"""
item: s001-1.3.1
cell: s001-1_3_1
why: scores may all be shifted: the logarithms of 2/3 and 1/3
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2 / 3), -1: math.log(1 / 3)}, "default": -math.inf}
