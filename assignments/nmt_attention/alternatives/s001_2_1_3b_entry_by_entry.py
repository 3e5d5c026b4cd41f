"""
item: s001-2.1.3b
cell: s001-2_1_3b
why: two loops and plain numbers
"""

def sinusoidal(n, d):
    rows = []
    for p in range(n):
        row = []
        for i in range(d // 2):
            angle = p / 10000 ** (2 * i / d)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row)
    return torch.tensor(rows)
