"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: full_encoder_decoder_counts_rectangles
misconception: only the long sequence is computed in full
explain: Under encoder_decoder_full the decoder's own attention is a full square too.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * (m + 1) // 2 + m * n
    raise ValueError(f"unknown kind {kind!r}")
