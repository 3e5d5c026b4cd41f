# %% by_powers
"""powers and floats"""
def attn_bytes(n, H, layers, bytes):
    return float(n) ** 2 * H * layers * bytes


def kv_bytes(n, d, layers, bytes):
    return layers * (n * d * bytes + n * d * bytes)


# %% by_product
"""the product of all that there is"""
def attn_bytes(n, H, layers, bytes):
    return math.prod((n, n, H, layers, bytes))


def kv_bytes(n, d, layers, bytes):
    return math.prod((2, n, d, layers, bytes))


# %% of_a_tensor
"""counted from shapes on the meta device, where nothing is held"""
def attn_bytes(n, H, layers, bytes):
    return torch.empty(layers, H, n, n, device="meta").numel() * bytes


def kv_bytes(n, d, layers, bytes):
    return torch.empty(layers, 2, n, d, device="meta").numel() * bytes
