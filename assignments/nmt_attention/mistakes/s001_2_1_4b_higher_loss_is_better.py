"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: width_claim_on_small_fits_the_table, width_claim_on_large_fits_the_table,
  data_claim_at_32_fits_the_table, data_claim_at_64_fits_the_table
misconception: reads losses the wrong way
explain: You take a higher loss for the better one: all your comparisons are turned round.
"""

claims = {
    "hidden_helps_small": not (val_table[64, "small"] < val_table[32, "small"]),
    "hidden_helps_large": not (val_table[64, "large"] < val_table[32, "large"]),
    "data_helps_32": not (val_table[32, "large"] < val_table[32, "small"]),
    "data_helps_64": not (val_table[64, "large"] < val_table[64, "small"]),
    "gap_shrinks": abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]),
}
