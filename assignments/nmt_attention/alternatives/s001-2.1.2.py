# %% arange_comparison
"""torch.where on a comparison of positions"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        i = torch.arange(scores.shape[1], device=scores.device)[:, None]
        j = torch.arange(scores.shape[2], device=scores.device)[None, :]
        scores = torch.where(j <= i, scores, torch.tensor(-math.inf, dtype=scores.dtype))
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% derived_from_the_other_layer
"""a class derived from ScaledDotAttention, with the mask added"""
class CausalScaledDotAttention(ScaledDotAttention):
    def forward(self, queries, keys, values):
        queries = queries.unsqueeze(1) if queries.dim() == 2 else queries
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        hidden = torch.triu(torch.ones(q.size(1), k.size(1)), diagonal=1) == 1
        weights = torch.softmax((q @ k.transpose(-1, -2) / q.size(-1) ** 0.5).masked_fill_(hidden, float("-inf")), -1)
        return weights @ v, weights.transpose(-1, -2)


# %% example_by_example
"""a loop over the batch, hidden places by triu_indices"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        n, m = q.shape[1], k.shape[1]
        rows, cols = torch.triu_indices(n, m, offset=1)
        cs, ws = [], []
        for a, b, c in zip(q, k, v, strict=False):
            s = a @ b.T / math.sqrt(self.hidden_size)
            s[rows, cols] = -1e9
            w = torch.softmax(s, -1)
            cs.append(w @ c)
            ws.append(w.T)
        return torch.stack(cs), torch.stack(ws)


# %% keys_first_layout
"""K Q^T, the lower triangle hidden, softmax over axis 1"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = torch.bmm(k, q.transpose(1, 2)) / self.hidden_size**0.5
        future = torch.ones_like(scores, dtype=torch.bool).tril(-1)
        scores[future] = -math.inf
        weights = torch.softmax(scores, dim=1)
        return torch.bmm(weights.transpose(1, 2), v), weights


# %% library_function_for_the_context
"""PyTorch computes the context with is_causal, which counts from the first key too"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        queries = queries[:, None, :] if queries.dim() == 2 else queries
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        sight = torch.ones(q.shape[1], k.shape[1], dtype=torch.bool).tril()
        context = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=sight)
        weights = torch.softmax((q @ k.mT / math.sqrt(self.hidden_size)).masked_fill(~sight, -torch.inf), dim=-1)
        return context, weights.mT


# %% library_function_twice
"""is_causal counts from the first key; the weights by unit vectors for values"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        eye = torch.eye(k.shape[1], dtype=v.dtype)[None].repeat(len(v), 1, 1)
        F = torch.nn.functional
        w = F.scaled_dot_product_attention(q, k, eye, is_causal=True)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True), w.transpose(1, 2)


# %% logarithm_of_the_triangle
"""log(1) is 0 and log(0) is minus infinity"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        s = q @ k.mT / math.sqrt(self.hidden_size)
        w = (s + torch.ones_like(s).tril().log()).log_softmax(-1).exp()
        return w @ v, w.mT


# %% made_of_the_other_layer
"""one call of the other layer per query, whose projections are this layer's too: torch lists them under `inner`"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.inner = ScaledDotAttention(hidden_size)
        self.Q, self.K, self.V = self.inner.Q, self.inner.K, self.inner.V

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        contexts, weights = [], []
        for i in range(queries.shape[1]):
            context, seen = self.inner(queries[:, i : i + 1], keys[:, : i + 1], values[:, : i + 1])
            contexts.append(context)
            weights.append(nn.functional.pad(seen, (0, 0, 0, keys.shape[1] - seen.shape[1])))
        return torch.cat(contexts, dim=1), torch.cat(weights, dim=2)


# %% masks_kept_by_size
"""masks are kept in a dict, one for each size"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.Q, self.K, self.V = (nn.Linear(hidden_size, hidden_size) for _ in "QKV")
        self.cache = {}
    def forward(self, queries, keys, values):
        q = queries if queries.dim() == 3 else queries.unsqueeze(1)
        size = q.shape[1], keys.shape[1]
        if size not in self.cache:
            self.cache[size] = torch.ones(size, dtype=torch.bool).triu(1)
        s = self.Q(q) @ self.K(keys).mT / q.shape[-1] ** 0.5
        w = s.masked_fill(self.cache[size], float("-inf")).softmax(-1)
        return w @ self.V(values), w.mT


# %% minus_a_billion
"""masked_fill with -1e9"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        future = ~torch.tril(torch.ones(scores.shape[1:])).bool()
        scores = scores.masked_fill(future, -1e9)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% negative_infinity_added
"""a matrix of 0 and -inf is added"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        scores = scores + torch.full(scores.shape[1:], -math.inf, dtype=scores.dtype).triu(1)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% one_head_of_the_library
"""torch's multi-head attention with one head, its parts taken from the three layers"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.Q, self.K, self.V = (nn.Linear(hidden_size, hidden_size) for _ in "QKV")
    def forward(self, queries, keys, values):
        q = queries if queries.dim() == 3 else queries.unsqueeze(1)
        h = q.shape[-1]
        ctx, w = torch.nn.functional.multi_head_attention_forward(
            q.transpose(0, 1), keys.transpose(0, 1), values.transpose(0, 1), h, 1,
            None, torch.cat([self.Q.bias, self.K.bias, self.V.bias]), None, None, False, 0.0,
            torch.eye(h, dtype=q.dtype), None, training=self.training, need_weights=True,
            attn_mask=torch.ones(q.shape[1], keys.shape[1], dtype=torch.bool).triu(1),
            use_separate_proj_weight=True, q_proj_weight=self.Q.weight, k_proj_weight=self.K.weight, v_proj_weight=self.V.weight)
        return ctx.transpose(0, 1), w.transpose(1, 2)


# %% query_by_query
"""a loop over queries, each with the keys that it sees"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        n, contexts, rows = keys.shape[1], [], []
        for i in range(q.shape[1]):
            seen = min(i + 1, n)
            weights = torch.softmax((k[:, :seen] @ q[:, i, :, None])[:, :, 0] / math.sqrt(self.hidden_size), dim=1)
            contexts.append((weights[:, None] @ v[:, :seen])[:, 0])
            rows.append(torch.nn.functional.pad(weights, (0, n - seen)))
        return torch.stack(contexts, dim=1), torch.stack(rows, dim=2)


# %% register_buffer
"""a large triangle made once, cut to size"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.register_buffer("mask", torch.ones(200, 200, dtype=torch.bool).tril(), persistent=False)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        scores = scores.masked_fill(~self.mask[: scores.shape[1], : scores.shape[2]], -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% shifted_by_hand
"""softmax by hand, with the maximum over the visible keys"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        s = q @ k.mT / math.sqrt(self.hidden_size)
        s = s.masked_fill(torch.ones_like(s, dtype=torch.bool).triu(1), -math.inf)
        e = (s - s.amax(-1, keepdim=True)).exp()
        w = e / e.sum(-1, keepdim=True)
        return w @ v, w.mT


# %% smallest_number
"""masked_fill with the smallest number of the dtype"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, torch.finfo(scores.dtype).min)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% smallest_number_added
"""the smallest number of the type, added"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        s = q @ k.mT / math.sqrt(self.hidden_size)
        bias = torch.triu(torch.full(s.shape[1:], torch.finfo(s.dtype).min, dtype=s.dtype), 1)
        w = torch.softmax(s + bias, -1)
        return w @ v, w.mT


# %% square_mask_cut_to_size
"""a square mask of the library, cut to the queries and keys that there are"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        n, m = q.shape[1], k.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(max(n, m))[:n, :m]
        w = (q @ k.mT / math.sqrt(self.hidden_size) + mask).softmax(-1)
        return w @ v, w.mT


# %% ten_million_added
"""an additive triangle of -1e7, as in older course material"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.neg_inf = torch.tensor(-1e7)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        scores = scores + torch.triu(torch.ones_like(scores), diagonal=1) * self.neg_inf
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% weights_only_to_look_at
"""the returned weights are detached: they are for looking at"""
class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2).detach()
