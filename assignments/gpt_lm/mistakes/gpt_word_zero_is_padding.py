"""
item: s004-1.06-gpt
cell: s004-1_06-gpt
caught_by: one_batch_can_be_learned_by_heart
misconception: number 0 is padding in every model
explain: With padding_idx=0 the vector of word 0 is never trained. Nothing is padded here: 0 is a word like any other.
"""


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = CausalSelfAttention(d, heads)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))[0]
        return x + self.mlp(self.norm2(x))


class GPT(nn.Module):
    def __init__(self, vocab, context, d, layers, heads):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d, padding_idx=0)
        self.position = LearnedPE(context, d)
        self.blocks = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)
        for part in self.modules():
            if isinstance(part, (nn.Linear, nn.Embedding)):
                nn.init.normal_(part.weight, std=0.02)
            if isinstance(part, nn.Linear) and part.bias is not None:
                nn.init.zeros_(part.bias)

    def forward(self, ids):
        x = self.position(self.embedding(ids))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
