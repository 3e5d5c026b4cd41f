"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: unknown_kinds_are_refused
misconception: what begins like a kind is that kind
explain: Any name that begins with encoder_decoder gets a count. A misspelt ending then gives a wrong
  number instead of an error.
"""

def score_counts(n, m, kind):
    if kind == "decoder_only":
        return (n + m) * (n + m + 1) / 2
    if kind == "encoder_decoder":
        return n * n + m * (m + 1) / 2 + n * m
    if kind == "decoder_only_full":
        return (n + m) ** 2
    if kind.startswith("encoder_decoder"):
        return n * n + m * m + n * m
    raise ValueError
