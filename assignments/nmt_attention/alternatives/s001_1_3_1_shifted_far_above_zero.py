"""
item: s001-1.3.1
cell: s001-1_3_1
why: the neighbours stand forty above a default of zero
"""

conv_params = {"WQ": 1.0, "WK": 0.0, "WV": 3, "p": {1: 40 + math.log(2), -1: 40}, "default": 0}
