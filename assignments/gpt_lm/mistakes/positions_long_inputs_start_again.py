"""
item: s004-1.04
cell: s004-1_04
caught_by: too_long_an_input_is_refused
misconception: positions may repeat
explain: Inputs that are too long start again with row 0, so two positions look alike. Nobody asked for
  that; raise an error.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        return x + self.table[torch.arange(n) % len(self.table)]
