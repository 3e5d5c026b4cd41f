"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
why: built from parts on the meta device and counted, as a float
"""

def count_params(cfg, head=False):
    d = cfg["d"]
    with torch.device("meta"):
        parts = [nn.Embedding(cfg["vocab"], d), nn.Embedding(cfg["context"], d), nn.LayerNorm(d)]
        parts += [nn.TransformerEncoderLayer(d, 1, 4 * d) for _ in range(cfg["layers"])]
        if head:
            parts.append(nn.Linear(d, cfg["vocab"], bias=False))
    return float(sum(p.numel() for part in parts for p in part.parameters()))
