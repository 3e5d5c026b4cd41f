# %% by_torch
"""asks torch's own optimiser for one step and carries its buffers on"""
def sgd_step(params, grads, state, *, lr, momentum=0.0, dampening=0.0):
    own = [p.clone().requires_grad_(True) for p in params]
    optimizer = torch.optim.SGD(own, lr=lr, momentum=momentum, dampening=dampening)
    for i, (p, g) in enumerate(zip(own, grads, strict=True)):
        p.grad = g.clone()
        if state is not None and momentum:
            optimizer.state[p]["momentum_buffer"] = state[i].clone()
    optimizer.step()
    return [p.detach() for p in own], [optimizer.state[p].get("momentum_buffer", p.detach() * 0) for p in own]


# %% with_a_count
"""keeps a count and a table, and gives tuples back"""
def sgd_step(params, grads, state, *, lr, momentum=0.0, dampening=0.0):
    state = state or {"t": 0, "buffer": {}}
    t, new, buffers = state["t"] + 1, [], {}
    for i in range(len(params)):
        share = 1.0 if t == 1 else 1 - dampening
        past = 0.0 if t == 1 else momentum * state["buffer"][i]
        buffers[i] = past + share * grads[i]
        new.append(torch.sub(params[i], buffers[i], alpha=lr))
    return tuple(new), {"t": t, "buffer": buffers}


# %% an_object
"""the state is an object of a class of its own, which is changed and handed on"""
class Buffers:
    def __init__(self, grads):
        self.b = [g.clone() for g in grads]

    def add(self, grads, mu, tau):
        for b, g in zip(self.b, grads, strict=True):
            b.mul_(mu).add_(g, alpha=1 - tau)


def sgd_step(params, grads, state, *, lr, momentum=0.0, dampening=0.0):
    if state is None:
        state = Buffers(grads)
    else:
        state.add(grads, momentum, dampening)
    return [p.sub(lr * b) for p, b in zip(params, state.b, strict=True)], state
