"""
item: s001-2.2.3b
cell: s001-2_2_3b
why: a dict of formulas, with the lookup's KeyError turned into ValueError
"""

def score_counts(n, m, kind):
    k = n + m
    counts = {
        "decoder_only": (k * k + k) / 2,
        "encoder_decoder": k * k - n * m - m * (m - 1) / 2,
        "decoder_only_full": k * k,
        "encoder_decoder_full": k * k - n * m,
    }
    try:
        return torch.tensor(counts[kind])
    except KeyError:
        raise ValueError(kind) from None
