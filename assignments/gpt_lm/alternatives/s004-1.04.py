# %% positions_by_an_embedding
"""nn.Embedding is a table of rows too; it also reads weights that were saved under the name table"""
class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.rows = nn.Embedding(max_len, d)

    def forward(self, x):
        return x + self.rows(torch.arange(x.shape[1], device=x.device))

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        if f"{prefix}table" in state_dict:
            state_dict[f"{prefix}rows.weight"] = state_dict.pop(f"{prefix}table")
        super()._load_from_state_dict(state_dict, prefix, *rest)


# %% positions_slice_with_assertless_check
"""Xavier start, and the mismatch of shapes raises by itself"""
class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.table = nn.Parameter(torch.empty(max_len, d))
        nn.init.xavier_normal_(self.table)

    def forward(self, x):
        return torch.add(self.table.narrow(0, 0, x.shape[1]).unsqueeze(0), x)


# %% positions_table_on_its_side
"""the table is stored as (d, max_len) and turned when it is used; weights that stand upright are turned when
loaded"""
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


# %% positions_table_with_a_batch_axis
"""the parameter has an axis of one for the batch, as in many published GPTs; weights without it can be loaded"""
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


# %% positions_uniform_start_and_loop
"""rows added one by one"""
class LearnedPE(nn.Module):
    def __init__(self, max_len, d):
        super().__init__()
        self.max_len = max_len
        self.table = nn.Parameter(torch.rand(max_len, d) * 0.1 - 0.05)

    def forward(self, x):
        if x.size(1) > self.max_len:
            raise ValueError(f"at most {self.max_len} positions")
        return torch.stack([x[:, i] + self.table[i] for i in range(x.size(1))], dim=1)
