# %% gpt_blocks_in_a_sequential
"""nn.Sequential in place of nn.ModuleList"""
class GPT(nn.Module):
    def __init__(self, vocab, context, d, layers, heads):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d)
        self.position = LearnedPE(context, d)
        self.blocks = nn.Sequential(*[Block(d, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)
        for part in self.modules():
            if isinstance(part, (nn.Linear, nn.Embedding)):
                nn.init.normal_(part.weight, std=0.02)
            if isinstance(part, nn.Linear) and part.bias is not None:
                nn.init.zeros_(part.bias)

    def forward(self, ids):
        x = self.position(self.embedding(ids))
        x = self.blocks(x)
        return self.head(self.norm(x))


# %% gpt_checks_its_context_itself
"""its own ValueError for a window that is too long"""
class GPT(nn.Module):
    def __init__(self, vocab, context, d, layers, heads):
        super().__init__()
        self.context = context
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
        if ids.shape[1] > self.context:
            raise ValueError("long")
        x = self.position(self.embedding(ids))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


# %% gpt_gelu_by_tanh
"""the tanh form of GELU differs by less than a thousandth, and checks the context itself"""
class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = CausalSelfAttention(d, heads)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(approximate="tanh"), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))[0]
        return x + self.mlp(self.norm2(x))

class GPT(nn.Module):
    def __init__(self, vocab, context, d, layers, heads):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d)
        self.position = LearnedPE(context, d)
        self.blocks = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.context = context
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)
        for part in self.modules():
            if isinstance(part, (nn.Linear, nn.Embedding)):
                nn.init.normal_(part.weight, std=0.02)
            if isinstance(part, nn.Linear) and part.bias is not None:
                nn.init.zeros_(part.bias)

    def forward(self, ids):
        if ids.shape[1] > self.context:
            raise ValueError("too long")
        x = self.position(self.embedding(ids))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


# %% gpt_started_by_apply
"""self.apply with a function, blocks in nn.Sequential: same names, same values"""
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


# %% gpt_truncated_start_and_smaller_residuals
"""a truncated normal, with the last layer of each part started smaller, as GPT-2 does"""
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
                nn.init.trunc_normal_(part.weight, std=0.02, a=-0.06, b=0.06)
            if isinstance(part, nn.Linear) and part.bias is not None:
                nn.init.zeros_(part.bias)

        for block in self.blocks:
            block.mlp[2].weight.data /= math.sqrt(2 * layers)
            block.attention.O.weight.data /= math.sqrt(2 * layers)

    def forward(self, ids):
        x = self.position(self.embedding(ids))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
