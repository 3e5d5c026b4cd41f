"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_tiny_huge_and_zero
misconception: a difference quotient is the derivative
explain: You take a difference quotient with a fixed step. For inputs smaller than the step it straddles
  the kink, and for huge ones the step is lost in rounding.
"""


def relu_chain_grad(ws, x):
    step = 1e-6
    ends = []
    for h in (float(x) - step, float(x) + step):
        for w in ws:
            h = max(0.0, float(w) * h)
        ends.append(h)
    return (ends[1] - ends[0]) / (2 * step)


necessarily = {"vanish": False, "explode": False}
