"""
item: s004-1.04
cell: s004-1_04
caught_by: the_first_rows_are_added
misconception: rows are counted from the end
explain: You use the last rows of the table, so the first word of a short sentence gets another position
  than that of a long one.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x + self.table[len(self.table) - n :]
