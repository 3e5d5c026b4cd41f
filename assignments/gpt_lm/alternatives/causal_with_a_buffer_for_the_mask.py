"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: the mask is stored once, as many GPTs do, and cut to length
"""

class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads != 0:
            raise ValueError("uneven")
        self.n_head = heads
        self.Q = nn.Linear(d, d)
        self.K = nn.Linear(d, d)
        self.V = nn.Linear(d, d)
        self.O = nn.Linear(d, d)
        self.register_buffer("mask", torch.tril(torch.ones(256, 256)).view(1, 1, 256, 256), persistent=False)

    def forward(self, x):
        B, T, C = x.size()
        k = self.K(x).view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = self.Q(x).view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = self.V(x).view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:, :, :T, :T] == 0, float("-inf"))
        att = F.softmax(att, dim=-1)
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.O(y), att
