"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: encoder_decoder_counts_three_attentions
misconception: only decoder-only models have a mask
explain: You count the decoder of the encoder-decoder without its mask. It writes, so it must not look ahead
  either.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * m + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
