"""
item: s004-1.04
cell: s004-1_04
caught_by: too_long_an_input_is_refused
misconception: what does not fit is left out
explain: You cut the input to max_len positions. Words disappear without a word; raise ValueError instead.
"""


class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            x = x[:, : len(self.table)]
            n = len(self.table)
        return x + self.table[:n]
