# %% library_loop
"""torch's own loop over segments, which keeps the last one"""
def run_checkpointed(layers, x, k):
    from torch.utils.checkpoint import checkpoint_sequential

    return checkpoint_sequential(list(layers), len(layers) // k, x, use_reentrant=False)


# %% bound_lambda
"""a lambda that binds its segment"""
def run_checkpointed(layers, x, k):
    for begin in range(0, len(layers), k):
        def run(y, mine=list(layers)[begin : begin + k]):
            for layer in mine:
                y = layer(y)
            return y

        x = checkpoint(run, x, use_reentrant=False)
    return x


# %% own_function
"""an autograd function of one's own that runs the segment again"""
class Again(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, segment):
        ctx.save_for_backward(x)
        ctx.segment = segment
        with torch.no_grad():
            return segment(x)

    @staticmethod
    def backward(ctx, slope):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            leaf = x.detach().requires_grad_(True)
            out = ctx.segment(leaf)
        return torch.autograd.grad(out, leaf, slope)[0], None


def run_checkpointed(layers, x, k):
    for begin in range(0, len(layers), k):
        x = Again.apply(x, nn.Sequential(*layers[begin : begin + k]))
    return x
