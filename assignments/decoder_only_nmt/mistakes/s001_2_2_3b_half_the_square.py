"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: causal_sequence_counts_its_triangle
misconception: a causal mask leaves out one half
explain: You count half of the square. The diagonal is whole: a token looks at itself, so the triangle is a little
  more than half.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) ** 2 / 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
