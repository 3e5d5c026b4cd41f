"""
item: s001-1.3.1
cell: s001-1_3_1
why: logarithms of the weights themselves, beside minus a billion
"""

conv_params = {"WQ": 0, "WK": 0, "WV": 3.0, "p": {1: math.log(2/3), -1: math.log(1/3)}, "default": -1e9}
