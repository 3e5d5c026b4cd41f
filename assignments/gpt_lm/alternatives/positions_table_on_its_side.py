"""
item: s004-1.04
cell: s004-1_04
why: the table is stored as (d, max_len) and turned when it is used; weights that stand upright are turned when loaded
"""


class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.columns = nn.Parameter(torch.empty(d, max_len).uniform_(-0.05, 0.05))

    def _load_from_state_dict(self, state, prefix, *rest):
        if prefix + "table" in state:
            state[prefix + "columns"] = state.pop(prefix + "table").T
        super()._load_from_state_dict(state, prefix, *rest)

    def forward(self, x):
        n = x.size(1)
        if n > self.columns.shape[1]:
            raise ValueError("too long")
        return x + self.columns[:, :n].T
