"""
item: s004-1.04
cell: s004-1_04
caught_by: the_first_rows_are_added
misconception: the length decides which row is added
explain: You add the row of the last position to all positions. Position i gets row i.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x + self.table[n - 1]
