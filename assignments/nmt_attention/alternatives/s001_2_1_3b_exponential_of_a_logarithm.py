"""
item: s001-2.1.3b
cell: s001-2_1_3b
why: frequencies as exp(-2i ln(10000)/d), columns written in place, float32
"""

def sinusoidal(n, d):
    table = torch.zeros(n, d)
    position = torch.arange(0, n).unsqueeze(1).float()
    frequency = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
    table[:, 0::2] = torch.sin(position * frequency)
    table[:, 1::2] = torch.cos(position * frequency)
    return table
