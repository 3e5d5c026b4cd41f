"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: width_claim_on_large_fits_the_table
misconception: width is useless with enough data
explain: You claim that on the large set width does not help. Your table has the answer.
"""

claims = {
    "hidden_helps_small": val_table[64, "small"] < val_table[32, "small"],
    "hidden_helps_large": False,
    "data_helps_32": val_table[32, "large"] < val_table[32, "small"],
    "data_helps_64": val_table[64, "large"] < val_table[64, "small"],
    "gap_shrinks": abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]),
}
