"""
item: s004-1.04
cell: s004-1_04
caught_by: positions_differ_from_the_start
misconception: training fills an empty table
explain: Your table starts with zeros, the same for every seed. It would be trained, but a fresh model
  cannot tell positions apart; start from small random numbers.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x + self.table[:n]
