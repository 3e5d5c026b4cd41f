"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: causal_sequence_counts_its_triangle, encoder_decoder_counts_three_attentions
misconception: a token does not look at itself
explain: Your triangles lack their diagonal: a token looks at itself too.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m - 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m - 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
