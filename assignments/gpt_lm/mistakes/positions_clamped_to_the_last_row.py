"""
item: s004-1.04
cell: s004-1_04
caught_by: too_long_an_input_is_refused
misconception: the last row is good enough for whatever comes after it
explain: You use the last row for all positions beyond the table. Such positions cannot be told apart; raise
  ValueError instead.
"""


class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            return x + self.table[torch.arange(n).clamp(max=len(self.table) - 1)]
        return x + self.table[:n]
