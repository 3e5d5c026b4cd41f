"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: encoder_decoder_counts_three_attentions, source_and_translation_are_told_apart
misconception: the first length is the translation's
explain: Source and translation are exchanged in your count: the encoder has no mask, the decoder has one.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return m * m + n * (n + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
