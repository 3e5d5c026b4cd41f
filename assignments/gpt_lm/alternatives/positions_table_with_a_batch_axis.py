"""
item: s004-1.04
cell: s004-1_04
why: the parameter has an axis of one for the batch, as in many published GPTs; weights without it can be loaded
"""


class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.max_len = max_len
        self.table = nn.Parameter(torch.randn(1, max_len, d) * 0.02)

    def _load_from_state_dict(self, state, prefix, *rest):
        state[prefix + "table"] = state[prefix + "table"].reshape(self.table.shape)
        super()._load_from_state_dict(state, prefix, *rest)

    def forward(self, x):
        n = x.size(1)
        if n > self.max_len:
            raise ValueError("too long")
        return x + self.table[:, :n]
