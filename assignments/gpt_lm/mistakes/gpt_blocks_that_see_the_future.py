"""
item: s004-1.06-gpt
cell: s004-1_06-gpt
caught_by: no_word_reaches_an_earlier_position
misconception: one layer with a mask protects all others
explain: Your blocks add to each position the mean over the whole window: a position learns about later
  words. Whatever mixes positions has to be causal.
"""

class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = CausalSelfAttention(d, heads)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))[0]
        x = x + self.mlp(self.norm2(x))
        return x + x.mean(dim=1, keepdim=True)


class GPT(nn.Module):
    def __init__(self, vocab, context, d, layers, heads):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d)
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
