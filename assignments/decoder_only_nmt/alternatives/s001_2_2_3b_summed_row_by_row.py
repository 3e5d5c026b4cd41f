"""
item: s001-2.2.3b
cell: s001-2_2_3b
why: what each token looks at, added up
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return sum(i + 1 for i in range(n + m))
    if kind == "encoder_decoder":
        return sum(n for _ in range(n)) + sum(j + 1 + n for j in range(m))
    if kind == "decoder_only_full":
        return float((n + m) * (n + m))
    if kind == "encoder_decoder_full":
        return n * n + sum(m + n for _ in range(m))
    raise ValueError("one of the four kinds of the table")
