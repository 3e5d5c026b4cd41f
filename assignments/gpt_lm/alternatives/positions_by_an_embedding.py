"""
item: s004-1.04
cell: s004-1_04
why: nn.Embedding is a table of rows too; it also reads weights that were saved under the name table
"""

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
