"""
item: s001-1.1.2
cell: s001-1_1_1
caught_by: chain_functions_keep_dtype_and_inputs
misconception: float64 is always better
explain: Your slope comes back as a float64 tensor for float32 weights. Keep the precision of what you are
  given; the network around it uses it too.
"""


def relu_chain_grad(ws, x):
    ws, x = torch.as_tensor(ws).double(), torch.as_tensor(x).double()
    gates_are_open = (ws[0] * x > 0) & (ws[1:] > 0).all()
    return ws.prod() * gates_are_open


necessarily = {"vanish": False, "explode": False}
