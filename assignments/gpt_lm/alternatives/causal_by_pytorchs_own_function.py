"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: F.multi_head_attention_forward with separate projections and a boolean mask
"""


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.h = heads
        self.Q = nn.Linear(d, d)
        self.K = nn.Linear(d, d)
        self.V = nn.Linear(d, d)
        self.O = nn.Linear(d, d)

    def forward(self, x):
        n, d = x.shape[1], x.shape[2]
        y = x.transpose(0, 1)
        out, w = F.multi_head_attention_forward(
            y,
            y,
            y,
            d,
            self.h,
            None,
            torch.cat([self.Q.bias, self.K.bias, self.V.bias]),
            None,
            None,
            False,
            0.0,
            self.O.weight,
            self.O.bias,
            use_separate_proj_weight=True,
            q_proj_weight=self.Q.weight,
            k_proj_weight=self.K.weight,
            v_proj_weight=self.V.weight,
            attn_mask=torch.ones(n, n, dtype=torch.bool).triu(1),
            average_attn_weights=False,
            training=False,
        )
        return out.transpose(0, 1), w
