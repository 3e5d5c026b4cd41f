"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: causal_sequence_counts_its_triangle
misconception: a sequence of length k has k^2 scores, mask or not
explain: For the causal sequence you count all pairs. Those that the mask forbids do not count under this
  kind: about half of them.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) ** 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind == "encoder_decoder_full":
        return n * n + m * m + m * n
    raise ValueError(f"unknown kind {kind!r}")
