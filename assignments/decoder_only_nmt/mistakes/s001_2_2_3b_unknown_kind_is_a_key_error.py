"""
item: s001-2.2.3b
cell: s001-2_2_3b
caught_by: unknown_kinds_are_refused
misconception: any exception will do
explain: An unknown kind raises KeyError, because the table does not hold it. The task asks for ValueError: the
  argument is of the right type, and its value is wrong.
"""

def score_counts(n, m, kind):
    return {
        "decoder_only": (n + m) * (n + m + 1) // 2,
        "encoder_decoder": n * n + m * (m + 1) // 2 + m * n,
        "decoder_only_full": (n + m) ** 2,
        "encoder_decoder_full": n * n + m * m + m * n,
    }[kind]
