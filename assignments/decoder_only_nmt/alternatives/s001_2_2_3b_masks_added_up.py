"""
item: s001-2.2.3b
cell: s001-2_2_3b
why: the masks are built and their cells counted
"""

def score_counts(n, m, kind):
    def causal(k):
        return torch.ones(k, k).tril()

    full = kind[-5:] == "_full"
    parts = {
        "decoder_only": [causal(n + m)],
        "encoder_decoder": [torch.ones(n, n), causal(m), torch.ones(m, n)],
    }.get(kind.replace("_full", "") if full else kind)
    if parts is None:
        raise ValueError(kind)
    return sum(part.numel() if full else int(part.sum()) for part in parts)
