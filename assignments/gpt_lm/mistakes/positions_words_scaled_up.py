"""
item: s004-1.04
cell: s004-1_04
caught_by: the_first_rows_are_added
misconception: words are always scaled by the root of d
explain: You multiply x by the root of d before adding. The original Transformer did so with its embeddings;
  here the result is x plus the rows, no more.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x * x.shape[-1] ** 0.5 + self.table[:n]
