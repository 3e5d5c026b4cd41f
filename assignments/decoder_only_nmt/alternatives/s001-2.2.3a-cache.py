# %% cache_as_one_tensor
"""keys and values of all layers in one tensor (L, 2, b, n, h); attention by torch; the loop is written out"""
from torch.nn.functional import scaled_dot_product_attention


def forward_with_cache(model, tokens, cache=None, allowed=None):
    b, m = tokens.shape
    p = 0 if cache is None else cache[0][0].size(1)
    h = model.positions.shape[1]
    kept = torch.zeros(len(model.mlps), 2, b, p + m, h)
    if allowed is None:
        allowed = torch.arange(p + m) <= torch.arange(p, p + m)[:, None]
    x = model.embedding.weight[tokens] + model.positions[torch.arange(p, p + m)]
    for layer in range(len(model.mlps)):
        q, k, v = project(model.attentions[layer], x)
        if p:
            kept[layer, 0, :, :p], kept[layer, 1, :, :p] = cache[layer]
        kept[layer, 0, :, p:], kept[layer, 1, :, p:] = k, v
        context = scaled_dot_product_attention(q, kept[layer, 0], kept[layer, 1], attn_mask=allowed)
        x = model.attentions[layer].head.out_proj(context) + x
        x = model.mlps[layer](x) + x
    return model.output(x), kept


def cached_decode(model, source, start_token, end_token, max_length, prefix=False):
    new = nn.functional.pad(source, (1, 0), value=start_token)
    allowed = torch.ones(new.shape[1], new.shape[1], dtype=torch.bool) if prefix else None
    cache, written = None, []
    ended = torch.zeros(len(source), dtype=torch.bool)
    for _ in range(max_length):
        logits, cache = forward_with_cache(model, new, cache, allowed)
        new, allowed = logits[:, -1:].argmax(-1), None
        written.append(new)
        ended |= new[:, 0] == end_token
        if ended.all():
            break
    return torch.cat(written, 1)


# %% decoder_of_before_with_a_memory
"""greedy_decode stays as it was written: what it calls as its model hands over the new columns only"""
class Remembering:
    def __init__(self, model):
        self.model, self.cache = model, None

    def __call__(self, read, allowed=None):
        seen = 0 if self.cache is None else self.cache[0][0].shape[1]
        rows = None if allowed is None else allowed[seen:]
        logits, self.cache = forward_with_cache(self.model, read[:, seen:], self.cache, rows)
        return logits, None


def cached_decode(model, source, start_token, end_token, max_length, prefix=False):
    with torch.no_grad():
        return greedy_decode(Remembering(model), source, start_token, end_token, max_length, prefix)


# %% einsum_and_the_lowest_number
"""all by einsum, the lowest float where looking is forbidden; the last token is read too, though nobody asks it"""
def forward_with_cache(model, tokens, cache=None, allowed=None):
    past = cache if cache is not None else [None] * len(model.attentions)
    known = 0 if past[0] is None else past[0][0].shape[1]
    place = torch.arange(known, known + tokens.shape[1])
    if allowed is None:
        allowed = torch.arange(known + len(place))[None] <= place[:, None]
    x, new = model.embedding(tokens) + model.positions[place], []
    for attention, mlp, before in zip(model.attentions, model.mlps, past, strict=True):
        head, h = attention.head, x.shape[-1]
        q, k, v = torch.einsum("bnh,pdh->pbnd", x, head.in_proj_weight.view(3, h, h)) + head.in_proj_bias.view(3, 1, 1, h)
        if before is not None:
            k, v = torch.cat([before[0], k], 1), torch.cat([before[1], v], 1)
        scores = torch.einsum("bid,bjd->bij", q, k) / h**0.5
        shares = torch.where(allowed, scores, torch.finfo(scores.dtype).min).softmax(-1)
        x = x + head.out_proj(torch.einsum("bij,bjd->bid", shares, v))
        x = x + mlp(x)
        new.append([k, v])
    return (model.output(x), tuple(new))


@torch.no_grad()
def cached_decode(model, source, start_token, end_token, max_length, prefix=False):
    b, S = source.shape
    out = torch.full((b, max_length), end_token)
    read = torch.cat([torch.full((b, 1), start_token), source], 1)
    logits, cache = forward_with_cache(model, read, allowed=torch.ones(S + 1, S + 1).bool() if prefix else None)
    for t in range(max_length):
        out[:, t] = logits[:, -1].max(-1).indices
        logits, cache = forward_with_cache(model, out[:, t : t + 1], cache)
        if (out[:, : t + 1] == end_token).any(1).all():
            return out[:, : t + 1]
    return out


# %% ended_words_leave_the_batch
"""words that have ended leave the batch, and their rows leave the cache; what stands behind their end is 0"""
def cached_decode(model, source, start_token, end_token, max_length, prefix=False):
    S = source.shape[1]
    alive, rows = list(range(len(source))), [[] for _ in source]
    new = nn.functional.pad(source, (1, 0), value=start_token)
    logits, cache = forward_with_cache(model, new, None, prefix_mask(S + 1, 0) if prefix else causal_mask(S + 1))
    for _ in range(max_length):
        token = logits[:, -1].softmax(-1).sort(descending=True).indices[:, 0]
        for row, said in zip(alive, token.tolist(), strict=True):
            rows[row].append(said)
        going = token != end_token
        alive = [row for row, more in zip(alive, going.tolist(), strict=True) if more]
        if not alive or len(rows[alive[0]]) == max_length:
            break
        cache = [(keys[going], values[going]) for keys, values in cache]
        logits, cache = forward_with_cache(model, token[going][:, None], cache)
    longest = max(map(len, rows))
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


# %% prompt_token_by_token
"""under the causal mask the prompt is read one token after the other, as what is written; words one at a time"""
def forward_with_cache(model, tokens, cache=None, allowed=None):
    nothing = torch.empty(len(tokens), 0, model.positions.shape[1])
    past = [(nothing, nothing)] * len(model.mlps) if cache is None else cache
    known, n = past[0][0].shape[1], tokens.shape[1]
    rule = torch.ones(n, known + n).tril(known).bool() if allowed is None else allowed
    x = model.embedding(tokens) + model.positions.narrow(0, known, n).unsqueeze(0)
    grown = []
    for layer in range(len(past)):
        attention = model.attentions[layer]
        q, k, v = project(attention, x)
        grown += [(torch.hstack((past[layer][0], k)), torch.hstack((past[layer][1], v)))]
        x = x.add(attend(attention, q, *grown[-1], rule))
        x = x.add(model.mlps[layer](x))
    return model.output(x), grown


def cached_decode(model, source, start_token, end_token, max_length, prefix=False):
    rows = []
    for word in source.tolist():
        read, cache, written = [start_token, *word], None, []
        pieces = [read] if prefix else [[token] for token in read]
        for piece in pieces:
            every = torch.ones(len(piece), len(piece), dtype=torch.bool) if prefix else None
            logits, cache = forward_with_cache(model, torch.tensor([piece]), cache, every)
        while True:
            written.append(int(logits[0, -1].argmax()))
            if written[-1] == end_token or len(written) == max_length:
                break
            logits, cache = forward_with_cache(model, torch.tensor([written[-1:]]), cache)
        rows.append(written)
    longest = max(map(len, rows))
    return torch.tensor([row + [end_token] * (longest - len(row)) for row in rows])
