"""
item: s004-1.04
cell: s004-1_04
caught_by: the_first_rows_are_added
misconception: positions are appended to the vectors
explain: You append the positions to the word vectors, which doubles the width. They are added: the width
  stays d.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return torch.cat([x, self.table[:n].expand(len(x), -1, -1)], dim=-1)
