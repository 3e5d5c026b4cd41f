"""
item: s004-1.04
cell: s004-1_04
caught_by: the_result_depends_on_a_trained_table
misconception: .data is the tidy way to read a parameter
explain: You add a detached copy of the table, so no gradient reaches it and it never changes.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x + self.table.data[:n]
