"""
item: s004-1.04
cell: s004-1_04
caught_by: the_first_rows_are_added
misconception: x += is the same as x = x +
explain: With += the vectors of the caller change too. Return a new tensor.
"""


class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError(f"{n} positions, but only {len(self.table)} were learned")
        x += self.table[:n]
        return x
