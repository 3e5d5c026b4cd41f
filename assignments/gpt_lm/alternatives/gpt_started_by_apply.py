"""
item: s004-1.06-gpt
cell: s004-1_06-gpt
why: self.apply with a function, blocks in nn.Sequential: same names, same values
"""

class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.norm2 = nn.LayerNorm(d)
        self.norm1 = nn.LayerNorm(d)
        self.attention = CausalSelfAttention(d, heads)

    def forward(self, x):
        seen, _ = self.attention(self.norm1(x))
        x = x + seen
        x = x + self.mlp(self.norm2(x))
        return x


class GPT(nn.Module):
    def __init__(self, vocab, context, d, layers, heads):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d)
        self.position = LearnedPE(context, d)
        self.blocks = nn.Sequential(*[Block(d, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)
        self.apply(self.start)

    @staticmethod
    def start(module):
        if isinstance(module, nn.Linear):
            module.weight.data.normal_(mean=0.0, std=0.02)
            if module.bias is not None:
                module.bias.data.zero_()
        elif isinstance(module, nn.Embedding):
            module.weight.data.normal_(mean=0.0, std=0.02)

    def forward(self, ids):
        return self.head(self.norm(self.blocks(self.position(self.embedding(ids)))))
