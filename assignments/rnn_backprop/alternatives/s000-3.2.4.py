# %% all_steps_at_once
"""stores all deltas, then one matrix product"""
def dJ_dWhh(g_list):
    total = torch.zeros_like(g_list[0])
    for g in g_list:
        total += g
    return total

def bptt(Whh, Whx, Wyh, h0, x, y):
    h = [h0]
    for x_t in x:
        h.append(Whh @ h[-1] + Whx @ x_t)
    h = torch.stack(h)
    deltas = (torch.softmax(h[1:] @ Wyh.T, dim=-1) - y) @ Wyh
    for t in reversed(range(len(x) - 1)):
        deltas[t] += deltas[t + 1] @ Whh
    return deltas.T @ h[:-1]


# %% autograd_inside
"""autograd of the total loss gives the same gradient"""
def dJ_dWhh(g_list):
    return torch.einsum('tab->ab', torch.stack(list(g_list)))

def bptt(Whh, Whx, Wyh, h0, x, y):
    leaf = Whh.detach().clone().requires_grad_()
    return torch.autograd.grad(total_loss(leaf, Whx, Wyh, h0, x, y), leaf)[0]


# %% double_loop_over_t_and_i
"""every loss by itself, with the functions of the earlier exercises"""
def dJ_dWhh(g_list):
    return sum(g_list)

def bptt(Whh, Whx, Wyh, h0, x, y):
    h = rnn_states(Whh, Whx, h0, x)
    parts = []
    for t in range(1, len(x) + 1):
        g_o = dJ_do(Wyh @ h[t], y[t - 1])
        gh = torch.stack([dJt_dhi(g_o, Wyh, Whh, t, i) for i in range(1, t + 1)])
        parts.append(dJt_dWhh(gh, h[:t]))
    return dJ_dWhh(parts)


# %% forward_in_time
"""carries dh_t/dWhh forwards instead of the gradient backwards (real-time recurrent learning)"""
def dJ_dWhh(g_list):
    if len(g_list) == 1:
        return g_list[0]
    return g_list[0] + dJ_dWhh(g_list[1:])

def bptt(Whh, Whx, Wyh, h0, x, y):
    size = len(h0)
    eye = torch.eye(size, dtype=Whh.dtype)
    h, reach, total = h0, torch.zeros(size, size, size, dtype=Whh.dtype), torch.zeros_like(Whh)
    for x_t, y_t in zip(x, y, strict=True):
        reach = torch.einsum('ij,jab->iab', Whh, reach) + torch.einsum('ia,b->iab', eye, h)
        h = Whh @ h + Whx @ x_t
        total = total + torch.einsum('i,iab->ab', Wyh.T @ dJ_do(Wyh @ h, y_t), reach)
    return total


# %% numpy_inside
"""numpy throughout, in the dtype of the inputs"""
def dJ_dWhh(g_list):
    return np.sum([g.numpy() for g in g_list], axis=0)

def bptt(Whh, Whx, Wyh, h0, x, y):
    Whh, Whx, Wyh, h0, x, y = (part.detach().numpy() for part in (Whh, Whx, Wyh, h0, x, y))
    h = [h0]
    for x_t in x:
        h.append(Whh @ h[-1] + Whx @ x_t)
    total, delta = np.zeros_like(Whh), np.zeros_like(h0)
    for t in range(len(x), 0, -1):
        o = Wyh @ h[t]
        e = np.exp(o - o.max())
        delta = Wyh.T @ (e / e.sum() - y[t - 1]) + Whh.T @ delta
        total += np.outer(delta, h[t - 1])
    return total
