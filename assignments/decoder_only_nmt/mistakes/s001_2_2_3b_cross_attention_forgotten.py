"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: encoder_decoder_counts_three_attentions, full_encoder_decoder_counts_rectangles
misconception: a decoder has one attention per layer
explain: You forgot the attention from the decoder to the encoder. Without it the translation would know
  nothing of the source.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m
    raise ValueError(f"unknown kind {kind!r}")
