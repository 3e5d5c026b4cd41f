"""
item: s001-1.3.1
cell: s001-1_3_1
why: e to the power of -35 is far below rounding
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: math.log(2), -1: 0.0, 0: -35.0}, "default": -35.0}
