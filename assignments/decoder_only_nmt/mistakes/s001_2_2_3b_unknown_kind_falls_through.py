"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: unknown_kinds_are_refused
misconception: the last case needs no condition
explain: A kind that does not exist gets the count of another one. A misspelt name then gives a wrong number
  instead of an error.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) // 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) // 2 + m * n
    if kind == "decoder_only_full":
        return (n + m) ** 2
    return n * n + m * m + m * n
