"""
item: s001-2.1.2
cell: s001-2_1_2
why: torch's multi-head attention with one head, its parts taken from the three layers
"""


class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.Q, self.K, self.V = (nn.Linear(hidden_size, hidden_size) for _ in "QKV")
    def forward(self, queries, keys, values):
        q = queries if queries.dim() == 3 else queries.unsqueeze(1)
        h = q.shape[-1]
        ctx, w = torch.nn.functional.multi_head_attention_forward(
            q.transpose(0, 1), keys.transpose(0, 1), values.transpose(0, 1), h, 1,
            None, torch.cat([self.Q.bias, self.K.bias, self.V.bias]), None, None, False, 0.0,
            torch.eye(h, dtype=q.dtype), None, training=self.training, need_weights=True,
            attn_mask=torch.ones(q.shape[1], keys.shape[1], dtype=torch.bool).triu(1),
            use_separate_proj_weight=True, q_proj_weight=self.Q.weight, k_proj_weight=self.K.weight, v_proj_weight=self.V.weight)
        return ctx.transpose(0, 1), w.transpose(1, 2)
