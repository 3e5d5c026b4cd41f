# %% one_class
"""one class with a switch, and torch's norm without weights"""
answers["s003-12d"] = "a c f"


class Either(Parts):
    def __init__(self, first, *sizes):
        super().__init__(*sizes)
        self.first = first
        self.norm = nn.LayerNorm(sizes[0], eps=0.0, elementwise_affine=False)

    def forward(self, x):
        for part in (lambda h: self.self_attn(h, h, h, need_weights=False)[0], lambda h: self.fc2(self.fc1(h).clamp(min=0))):
            x = x + part(self.norm(x)) if self.first else self.norm(x + part(x))
        return x


def type1(d_model=12, n_heads=3, d_ffn=20):
    return Either(False, d_model, n_heads, d_ffn)


def type2(d_model=12, n_heads=3, d_ffn=20):
    return Either(True, d_model, n_heads, d_ffn)


# %% own_modules
"""modules that are not derived from Parts, but have its parts"""
answers["s003-12d"] = ["f", "c", "a"]


class Post(nn.Module):
    def __init__(self, d, h, inner):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d, h, batch_first=True)
        self.fc1 = nn.Linear(d, inner)
        self.fc2 = nn.Linear(inner, d)

    def forward(self, x):
        residual = x
        x, _ = self.self_attn(x, x, x)
        x = LN(x + residual)
        residual = x
        x = self.fc2(torch.relu(self.fc1(x)))
        return LN(x + residual)


class Pre(Post):
    def forward(self, x):
        residual = x
        x = LN(x)
        x = self.self_attn(x, x, x)[0] + residual
        residual = x
        x = LN(x)
        return self.fc2(torch.relu(self.fc1(x))) + residual


def type1(d_model=12, n_heads=3, d_ffn=20):
    return Post(d_model, n_heads, d_ffn)


def type2(d_model=12, n_heads=3, d_ffn=20):
    return Pre(d_model, n_heads, d_ffn)


# %% forward_set_on_parts
"""derives the types inside of the functions"""
def type1(d_model=12, n_heads=3, d_ffn=20):
    class One(Parts):
        def forward(self, x):
            x = LN(torch.add(x, self.self_attn(query=x, key=x, value=x)[0]))
            return LN(torch.add(x, self.fc2(self.fc1(x).relu())))

    return One(d_model, n_heads, d_ffn)


def type2(d_model=12, n_heads=3, d_ffn=20):
    class Two(Parts):
        def forward(self, x):
            h = x + self.self_attn(LN(x), LN(x), LN(x))[0]
            return h + self.fc2(self.fc1(LN(h)).relu())

    return Two(d_model, n_heads, d_ffn)
