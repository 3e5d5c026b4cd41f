"""
item: s004-1.04
cell: s004-1_04
caught_by: the_table_is_all_there_is_to_train
misconception: any positional encoding will do
explain: You compute sines and cosines. They are a fine encoding, but nothing in them is learned.
"""

class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        angles = torch.arange(max_len)[:, None] / 10000 ** (2 * (torch.arange(d) // 2) / d)
        table = torch.where(torch.arange(d) % 2 == 0, angles.sin(), angles.cos())
        self.register_buffer("table", table)

    def forward(self, x):
        if x.shape[1] > len(self.table):
            raise ValueError("too long")
        return x + self.table[: x.shape[1]]
