"""
item: s001-1.1.1
cell: s001-1_1_1
caught_by: ones_chain_slope_on_both_sides, ones_chain_slope_at_any_depth
misconception: the layers add up their slopes
explain: Your slope grows with the number of layers. The layers are nested, so the chain rule multiplies
  their factors.
"""


def relu_chain_grad(ws, x):
    total = 0.0
    for w in ws:
        total = total + w
    gates_are_open = ws[0] * x > 0 and all(w > 0 for w in ws[1:])
    return total if gates_are_open else 0.0 * ws[0]


necessarily = {"vanish": False, "explode": False}
