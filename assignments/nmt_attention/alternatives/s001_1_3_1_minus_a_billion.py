"""
item: s001-1.3.1
cell: s001-1_3_1
why: a billion below is as good as infinity
"""

conv_params = {"WQ": 0.0, "WK": 0.0, "WV": 3.0, "p": {1: 5.0 + math.log(2), -1: 5.0, 0: -1e9}, "default": -1e9}
