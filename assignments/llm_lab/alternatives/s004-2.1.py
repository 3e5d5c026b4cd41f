# %% by_tensors
"""One row of tokens that grows; the likeliest is drawn as the limit of a cold softmax."""
@torch.no_grad()
def generate(model, prompt, max_new, T, gen=None):
    ids = torch.tensor([model.encode(prompt)])
    start = ids.shape[1]
    for _ in range(max_new):
        logits = model.logits(ids)
        if T <= 0:
            token = logits.argmax(-1, keepdim=True)
        else:
            token = torch.multinomial(torch.softmax(logits / T, -1), 1, generator=gen)
        if int(token) == model.eos:
            break
        ids = torch.cat([ids, token.reshape(1, 1)], 1)
    return model.decode(ids[0, start:].tolist())


# %% by_gumbel_noise
"""Gumbel noise on the logits, and the largest: the same distribution, without a softmax."""
def generate(model, prompt, max_new, T, gen=None):
    known = list(model.encode(prompt))
    begin = len(known)
    for _ in range(max_new):
        with torch.inference_mode():
            scores = model.logits(torch.tensor(known)).detach().double()
        if T > 0:
            noise = -(-torch.rand(scores.shape, generator=gen, dtype=torch.float64).clamp_min(1e-300).log()).log()
            scores = scores / T + noise
        best = int(scores.argmax())
        if best == model.eos:
            break
        known.append(best)
    return model.decode(known[begin:])


# %% by_the_cumulated_distribution
"""One uniform number for each token, looked up in the cumulated probabilities."""
def generate(model, prompt, max_new, T, gen=None):
    ids, text = model.encode(prompt), []
    while True:
        if len(text) == max_new:
            return model.decode(text)
        with torch.no_grad():
            z = model.logits(torch.tensor([ids + text]))
        if T == 0:
            k = z.argmax().item()
        else:
            sums = torch.softmax(z / T, 0).cumsum(0)
            k = min(int(torch.searchsorted(sums, torch.rand(1, generator=gen, dtype=sums.dtype) * sums[-1], right=True)), len(z) - 1)
        if k == model.eos:
            return model.decode(text)
        text.append(k)


# %% numbers_drawn_ahead
"""All uniform numbers are drawn at once, in numpy the token is looked up, and each is spelled by itself."""
def generate(model, prompt, max_new, T, gen=None):
    draws = torch.rand(max_new, generator=gen).tolist()
    ids, out = model.encode(prompt), ""
    with torch.no_grad():
        for u in draws:
            z = model.logits(torch.tensor(ids)).numpy().astype(float)
            if T < 1e-8:
                k = int(np.argmax(z))
            else:
                w = np.exp((z - z.max()) / T)
                k = min(int(np.searchsorted(np.cumsum(w) / w.sum(), u, side="right")), len(z) - 1)
            if k == model.eos:
                break
            ids = [*ids, k]
            out += model.decode([k])
    return out
