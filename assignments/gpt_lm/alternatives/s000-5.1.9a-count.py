# %% count_built_without_memory
"""built from parts on the meta device and counted, as a float"""
def count_params(cfg, head=False):
    d = cfg["d"]
    with torch.device("meta"):
        parts = [nn.Embedding(cfg["vocab"], d), nn.Embedding(cfg["context"], d), nn.LayerNorm(d)]
        parts += [nn.TransformerEncoderLayer(d, 1, 4 * d) for _ in range(cfg["layers"])]
        if head:
            parts.append(nn.Linear(d, cfg["vocab"], bias=False))
    return float(sum(p.numel() for part in parts for p in part.parameters()))


# %% count_closed_form
"""12 d^2 + 13 d for a block"""
def count_params(cfg, head=False):
    d = cfg["d"]
    return cfg["layers"] * (12 * d**2 + 13 * d) + d * (cfg["vocab"] * (2 if head else 1) + cfg["context"] + 2)


# %% count_on_the_model_itself
"""counts the parameters of a model that is built for it"""
def count_params(cfg, head=False):
    m = GPT(**cfg)
    return sum(p.numel() for k, p in m.named_parameters() if head or not k.startswith("head"))


# %% count_summed_part_by_part
"""the same numbers, summed over a list of shapes"""
def count_params(cfg, head=False):
    V, n, d = cfg["vocab"], cfg["context"], cfg["d"]
    block = [(d, d), (d,)] * 4 + [(4 * d, d), (4 * d,), (d, 4 * d), (d,)] + [(d,)] * 4
    shapes = [(V, d), (n, d), (d,), (d,)] + block * cfg["layers"] + ([(V, d)] if head else [])
    return sum(math.prod(shape) for shape in shapes)
