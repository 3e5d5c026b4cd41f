# %% bmm
"""torch.bmm for both products"""
class ScaledDotAttention(nn.Module):
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
        scores = torch.bmm(q, k.transpose(1, 2)) / self.hidden_size**0.5
        weights = torch.softmax(scores, dim=2)
        return torch.bmm(weights, v), weights.permute(0, 2, 1)


# %% buffer_for_the_factor
"""the factor lives in a buffer; results as a list"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.register_buffer("factor", torch.tensor(1.0 / math.sqrt(hidden_size)), persistent=False)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = (q @ k.transpose(-2, -1)) * self.factor
        weights = torch.softmax(scores, dim=2)
        return [weights @ v, weights.transpose(-2, -1)]


# %% einsum
"""einsum, scores laid out with keys first, so that the weights need no transpose"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        queries = queries[:, None] if queries.ndim == 2 else queries
        scores = torch.einsum("bnh,bkh->bnk", self.K(keys), self.Q(queries)) * self.hidden_size ** -0.5
        weights = scores.softmax(dim=1)
        return torch.einsum("bnk,bnh->bkh", weights, self.V(values)), weights


# %% example_by_example
"""a loop over the batch"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        contexts, all_weights = [], []
        for q, k, v in zip(self.Q(queries), self.K(keys), self.V(values), strict=True):
            weights = torch.softmax(q @ k.T / math.sqrt(self.hidden_size), dim=1)
            contexts.append(weights @ v)
            all_weights.append(weights.T)
        return torch.stack(contexts), torch.stack(all_weights)


# %% fourth_root_on_both_sides
"""each side is divided by the fourth root of h"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.ndim < 3:
            queries = queries.unsqueeze(-2)
        r = self.hidden_size ** 0.25
        w = ((self.K(keys) / r) @ (self.Q(queries) / r).transpose(-1, -2)).softmax(1)
        return w.transpose(1, 2) @ self.V(values), w


# %% keys_first_layout
"""K Q^T and softmax over axis 1"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.softmax = nn.Softmax(dim=1)
        self.scaling = torch.rsqrt(torch.tensor(hidden_size, dtype=torch.float64))

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        unnormalized = torch.bmm(k, q.transpose(2, 1)) * self.scaling
        weights = self.softmax(unnormalized)
        return torch.bmm(weights.transpose(2, 1), v), weights


# %% library_function_for_the_context
"""PyTorch computes the context; the weights are worked out beside it"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        queries = queries.reshape(len(queries), -1, self.hidden_size)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        context = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        weights = torch.softmax(k @ q.mT / self.hidden_size**0.5, dim=-2)
        return context, weights


# %% library_function_for_the_weights
"""the library gives the weights too, with unit vectors for values"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.ndim < 3:
            queries = queries[:, None, :]
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        n = k.shape[1]
        eye = torch.eye(n, dtype=v.dtype).expand(len(v), n, n)
        weights = torch.nn.functional.scaled_dot_product_attention(q, k, eye)
        return weights @ v, weights.transpose(1, 2)


# %% logsumexp_in_a_list
"""weights as exp of scores minus logsumexp, returned as a list"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.ndim < 3:
            queries = queries.unsqueeze(-2)
        s = torch.einsum("bkh,bnh->bnk", self.Q(queries), self.K(keys)).div(math.sqrt(keys.size(-1)))
        w = (s - s.logsumexp(1, keepdim=True)).exp()
        return [torch.einsum("bnk,bnh->bkh", w, self.V(values)), w]


# %% one_head_of_the_library
"""torch's multi-head attention with one head, its parts taken from the three layers"""
class ScaledDotAttention(nn.Module):
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
            use_separate_proj_weight=True, q_proj_weight=self.Q.weight, k_proj_weight=self.K.weight, v_proj_weight=self.V.weight)
        return ctx.transpose(0, 1), w.transpose(1, 2)


# %% pairs_by_broadcasting
"""every pair of query and key by broadcasting, keys first"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.ndim < 3:
            queries = queries.unsqueeze(-2)
        s = (self.Q(queries)[:, None] * self.K(keys)[:, :, None]).sum(-1) / self.hidden_size ** 0.5
        w = s.softmax(1)
        return (w[..., None] * self.V(values)[:, :, None]).sum(1), w


# %% queries_scaled_first
"""the root divides the queries instead of the scores"""
class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries) / math.sqrt(self.hidden_size), self.K(keys), self.V(values)
        scores = torch.matmul(q, k.mT)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)


# %% shifted_by_hand
"""softmax by hand, with the largest score of each query taken off"""
class ScaledDotAttention(nn.Module):
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
        shares = (scores - scores.max(dim=2, keepdim=True).values).exp()
        weights = shares / shares.sum(dim=2, keepdim=True)
        return weights @ v, weights.transpose(1, 2)


# %% softmax_by_logarithms
"""weights as the exponential of log_softmax"""
class ScaledDotAttention(nn.Module):
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
        weights = torch.log_softmax(scores, dim=-1).exp()
        return weights @ v, weights.transpose(1, 2)
