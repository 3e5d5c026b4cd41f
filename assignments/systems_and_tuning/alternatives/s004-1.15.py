# %% two_layers
"""the matrices are layers without biases"""
class LoRALinear(nn.Module):
    def __init__(self, base, r, alpha):
        super().__init__()
        self.old = base.requires_grad_(False)
        self.down = nn.Linear(base.in_features, r, bias=False, dtype=base.weight.dtype)
        self.up = nn.Linear(r, base.out_features, bias=False, dtype=base.weight.dtype)
        nn.init.zeros_(self.up.weight)
        self.alpha, self.r = alpha, r

    def forward(self, x):
        return self.old(x) + self.up(self.down(x)) * self.alpha / self.r

    def merged(self):
        one = copy.deepcopy(self.old)
        one.weight.data += self.alpha / self.r * self.up.weight.data @ self.down.weight.data
        return one


# %% in_one_weight
"""adds up the weight first, a copy of the base, the matrices turned"""
class LoRALinear(nn.Module):
    def __init__(self, base, r, alpha):
        super().__init__()
        self.linear = copy.deepcopy(base)
        for parameter in self.linear.parameters():
            parameter.requires_grad = False
        self.a = nn.Parameter(torch.randn(base.in_features, r).to(base.weight.dtype))
        self.b = nn.Parameter(torch.zeros(r, base.out_features).to(base.weight.dtype))
        self.alpha, self.r = alpha, r

    def forward(self, x):
        return nn.functional.linear(x, self.linear.weight + self.alpha / self.r * (self.a @ self.b).T, self.linear.bias)

    def merged(self):
        one = copy.deepcopy(self.linear)
        with torch.no_grad():
            one.weight += self.alpha / self.r * (self.a @ self.b).T
        return one


# %% the_other_one_zero
"""the matrix at the input's side begins at 0"""
class LoRALinear(nn.Module):
    def __init__(self, base, r, alpha):
        super().__init__()
        self.base, self.scale = base, alpha / r
        base.weight.requires_grad_(False)
        if base.bias is not None:
            base.bias.requires_grad_(False)
        self.A = nn.Parameter(base.weight.new_zeros(r, base.in_features))
        self.B = nn.Parameter(torch.empty(base.out_features, r, dtype=base.weight.dtype).normal_(0, 0.1))

    def forward(self, x):
        return self.base(x) + self.scale * torch.einsum("or,ri,...i->...o", self.B, self.A, x)

    def merged(self):
        one = nn.Linear(self.base.in_features, self.base.out_features, self.base.bias is not None).to(self.base.weight.dtype)
        weights = {"weight": self.base.weight + self.scale * self.B @ self.A}
        if self.base.bias is not None:
            weights["bias"] = self.base.bias
        one.load_state_dict(weights)
        return one


# %% base_as_buffers
"""the frozen weights are buffers"""
class LoRALinear(nn.Module):
    def __init__(self, base, r, alpha):
        super().__init__()
        self.register_buffer("weight", base.weight.detach().clone())
        self.register_buffer("bias", None if base.bias is None else base.bias.detach().clone())
        self.A = nn.Parameter(torch.empty(r, base.in_features, dtype=base.weight.dtype).uniform_(-0.5, 0.5))
        self.B = nn.Parameter(torch.zeros(base.out_features, r, dtype=base.weight.dtype))
        self.scale = alpha / r

    def forward(self, x):
        linear = nn.functional.linear
        return linear(x, self.weight, self.bias) + self.scale * linear(linear(x, self.A), self.B)

    def merged(self):
        one = nn.Linear(self.weight.shape[1], self.weight.shape[0], self.bias is not None).to(self.weight.dtype)
        one.weight.data = (self.weight + self.scale * self.B @ self.A).detach()
        if self.bias is not None:
            one.bias.data = self.bias.clone()
        return one
