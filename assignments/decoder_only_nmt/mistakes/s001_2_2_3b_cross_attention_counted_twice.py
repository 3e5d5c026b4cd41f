"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: encoder_decoder_counts_three_attentions, full_encoder_decoder_counts_rectangles
misconception: encoder and decoder look at each other
explain: You count the pairs between source and translation twice. The translation looks at the source; the
  source never looks back.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + 2 * m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + 2 * m * n
    raise ValueError(f"unknown kind {kind!r}")
