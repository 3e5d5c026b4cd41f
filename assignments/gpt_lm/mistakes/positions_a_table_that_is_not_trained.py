"""
item: s004-1.04
cell: s004-1_04
caught_by: the_table_is_all_there_is_to_train
misconception: a tensor attribute is trained by itself
explain: Your table is a plain tensor: the optimiser never sees it. Only nn.Parameter (or a module that has
  one) is trained.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = 0.02 * torch.randn(max_len, d)

    def forward(self, x):
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError("more positions than were learned")
        return x + self.table[:n]
