"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: data_claim_at_32_fits_the_table
misconception: a small model cannot use more data
explain: You claim that width 32 gains nothing from more words. Look at the two entries of your table.
"""

claims = {
    "hidden_helps_small": val_table[64, "small"] < val_table[32, "small"],
    "hidden_helps_large": val_table[64, "large"] < val_table[32, "large"],
    "data_helps_32": False,
    "data_helps_64": val_table[64, "large"] < val_table[64, "small"],
    "gap_shrinks": abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]),
}
