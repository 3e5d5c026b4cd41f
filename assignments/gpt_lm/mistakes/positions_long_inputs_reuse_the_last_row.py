"""
item: s004-1.04
cell: s004-1_04
caught_by: too_long_an_input_is_refused
misconception: the last row serves all later positions
explain: Inputs that are too long quietly get the last row for all positions beyond the table. Nobody
  learned these positions; raise an error.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        return x + self.table[torch.arange(n).clamp(max=len(self.table) - 1)]
