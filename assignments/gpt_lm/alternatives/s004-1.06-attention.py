# %% causal_added_minus_infinity
"""an additive mask is exact when it is minus infinity; a billion is enough for these scores, too"""
class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.heads = heads
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        n = x.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(n, dtype=x.dtype)
        out, weights = [], []
        for q, k, v in zip(*(layer(x).chunk(self.heads, -1) for layer in (self.Q, self.K, self.V)), strict=True):
            w = torch.softmax(q @ k.mT / math.sqrt(q.shape[-1]) + mask, -1)
            out.append(w @ v)
            weights.append(w)
        return self.O(torch.cat(out, -1)), torch.stack(weights, 1)


# %% causal_by_pytorchs_own_function
"""F.multi_head_attention_forward with separate projections and a boolean mask"""
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


# %% causal_by_scaled_dot_product_attention
"""PyTorch's fused attention for the output; weights worked out beside it"""
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
        b, n, d = x.shape

        def s(t):
            return t.reshape(b, n, self.h, d // self.h).transpose(1, 2)

        q, k, v = s(self.Q(x)), s(self.K(x)), s(self.V(x))
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        w = (q @ k.mT / math.sqrt(d / self.h)).masked_fill(torch.ones(n, n).triu(1) == 1, float("-inf")).softmax(-1)
        return self.O(out.transpose(1, 2).flatten(2)), w


# %% causal_each_query_sees_its_own_past
"""no mask at all: query by query over the keys so far"""
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
        b, n, d = x.shape

        def s(t):
            return t.reshape(b, n, self.h, d // self.h).transpose(1, 2)

        q, k, v = s(self.Q(x)), s(self.K(x)), s(self.V(x))
        w = x.new_zeros(b, self.h, n, n)
        rows = []
        for i in range(n):
            p = (q[:, :, i : i + 1] @ k[:, :, : i + 1].mT / math.sqrt(d // self.h)).softmax(-1)
            rows.append(F.pad(p, (0, n - i - 1)))
        w = torch.cat(rows, 2)
        return self.O((w @ v).transpose(1, 2).flatten(2)), w


# %% causal_masked_after_and_renormalised
"""zeroing weights after the softmax is right when rows are normalised again, here in log space"""
class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.heads = heads
        self.O, self.V, self.K, self.Q = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (f(x).view(b, n, self.heads, d // self.heads).transpose(1, 2) for f in (self.Q, self.K, self.V))
        s = (q / math.sqrt(d // self.heads)) @ k.transpose(-1, -2)
        past = torch.tril(torch.ones(n, n, dtype=torch.bool, device=x.device))
        top = s.masked_fill(~past, -1e30).amax(-1, keepdim=True)
        e = torch.where(past, (s - top).masked_fill(~past, 0.0).exp(), torch.zeros((), dtype=s.dtype))
        w = e / e.sum(-1, keepdim=True)
        return self.O((w @ v).transpose(1, 2).flatten(2)), w


# %% causal_one_product_for_all_three
"""weights of Q, K, V stacked for one product; the mask goes into baddbmm"""
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
        b, n, d = x.shape
        W = torch.cat([self.Q.weight, self.K.weight, self.V.weight])
        B = torch.cat([self.Q.bias, self.K.bias, self.V.bias])
        q, k, v = F.linear(x, W, B).view(b, n, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        w = (
            torch.baddbmm(
                torch.full((n, n), -math.inf, dtype=x.dtype).triu(1).expand(b * self.h, n, n),
                q.flatten(0, 1),
                k.flatten(0, 1).mT,
                alpha=(d // self.h) ** -0.5,
            )
            .softmax(-1)
            .view(b, self.h, n, n)
        )
        return self.O((w @ v).transpose(1, 2).reshape(b, n, d)), w


# %% causal_with_a_buffer_for_the_mask
"""the mask is stored once, as many GPTs do, and cut to length"""
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


# %% causal_with_finite_minimum
"""the smallest finite number instead of minus infinity, and einsum"""
class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.H = heads
        self.Q, self.K, self.V, self.O = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x):
        q, k, v = (f(x).unflatten(-1, (self.H, -1)) for f in (self.Q, self.K, self.V))
        s = torch.einsum("bihw,bjhw->bhij", q, k) / q.shape[-1] ** 0.5
        i = torch.arange(x.shape[1])
        s = torch.where(i[:, None] >= i[None, :], s, torch.finfo(s.dtype).min)
        w = s.softmax(-1)
        return [self.O(torch.einsum("bhij,bjhw->bihw", w, v).flatten(-2)), w]
