"""
item: s004-1.06-gpt
cell: s004-1_06-gpt
caught_by: a_fresh_gpt_is_nearly_uniform, weights_start_small_and_biases_at_zero
misconception: the default start is good for every model
explain: You keep the default start of PyTorch. Its head gives logits of variance 1/3, so the fresh model has opinions
  about the next word before it has seen any, and its loss begins about 1/6 nat above ln V.
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
        self.embedding = nn.Embedding(vocab, d)
        self.position = LearnedPE(context, d)
        self.blocks = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)

    def forward(self, ids):
        x = self.position(self.embedding(ids))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
