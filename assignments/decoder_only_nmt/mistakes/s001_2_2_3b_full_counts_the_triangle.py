"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: full_sequence_counts_its_square
misconception: full means the whole triangle
explain: Under the kind that computes everything, pairs that are thrown away afterwards count as well: the
  whole square.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
