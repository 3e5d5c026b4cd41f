# %% einsum_and_same
"""einsum for the kernel, padding by name"""
def make_layer(cin, cout, k):
    return nn.Sequential(
        nn.Conv2d(cin, cin, k, padding="same", groups=cin, bias=False), nn.Conv2d(cin, cout, (1, 1), bias=False)
    )


def equivalent_kernel(D, P):
    return torch.einsum("oc,cij->ocij", P, D)


# %% a_list_of_layers
"""a class of its own that is indexed like a list; the count from a module"""
class Separable(nn.ModuleList):
    def forward(self, x):
        return self[1](self[0](x))


def make_layer(cin, cout, k):
    return Separable([nn.Conv2d(cin, cin, k, 1, k // 2, 1, cin, False), nn.Conv2d(cin, cout, 1, bias=False)])


def dwsep_params(cin, cout, k):
    return float(cin * (k**2 + cout))


# %% by_a_loop
"""the kernel entry by entry"""
def equivalent_kernel(D, P):
    return torch.stack([torch.stack([P[o, c] * D[c] for c in range(len(D))]) for o in range(len(P))])


# %% by_probing
"""the kernel as the answer to single pixels"""
def equivalent_kernel(D, P):
    cin, k = P.shape[1], D.shape[-1]
    pixels = torch.zeros(cin, cin, 2 * k - 1, 2 * k - 1, dtype=D.dtype)
    for c in range(cin):
        pixels[c, c, k - 1, k - 1] = 1
    middle = nn.functional.conv2d(pixels, D[:, None], groups=cin)
    out = nn.functional.conv2d(middle, P[:, :, None, None])
    return out.flip(2, 3).transpose(0, 1).contiguous()


# %% mixing_by_a_product
"""filters and mixing are parameters of their own, the mixing turned and taken with einsum"""
class Filters(nn.Module):
    def __init__(self, channels, k):
        super().__init__()
        self.filters = nn.ModuleList(nn.Conv2d(1, 1, k, padding=k // 2, bias=False) for _ in range(channels))

    def forward(self, x):
        return torch.cat([one(x[:, c : c + 1]) for c, one in enumerate(self.filters)], 1)


class Mixing(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.weights = nn.Parameter(torch.randn(cin, cout) / cin**0.5)

    def forward(self, x):
        return torch.einsum("bihw,io->bohw", x, self.weights)


def make_layer(cin, cout, k):
    return nn.Sequential(Filters(cin, k), Mixing(cin, cout))
