"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: causal_sequence_counts_its_triangle
misconception: source and translation are two causal sequences
explain: You count source and translation as two separate sequences. In a decoder-only model each token of
  the translation also looks at the whole source.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return n * (n + 1) // 2 + m * (m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
