"""
item: s001-1.3.1
cell: s001-1_3_1
why: p may be a function of the offset, and one weight of zero is enough
"""


def position_scores(offset):
    return {1: math.log(2.0), -1: 0.0}.get(offset, -math.inf)


conv_params = {"WQ": 0, "WK": 1, "WV": 3, "p": position_scores}
