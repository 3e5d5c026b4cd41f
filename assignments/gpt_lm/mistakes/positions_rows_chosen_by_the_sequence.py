"""
item: s004-1.04
cell: s004-1_04
caught_by: the_first_rows_are_added
misconception: the first axis holds the positions
explain: You choose rows by the place of a sequence in the batch. The batch comes first; positions are the
  second axis of x.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x + self.table[: len(x)][:, None]
