"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: gap_claim_fits_the_table
misconception: a ratio, or a difference with its sign
explain: The gap is the distance between the two losses: not their ratio, and not a difference with a sign.
"""

claims = {
    "hidden_helps_small": val_table[64, "small"] < val_table[32, "small"],
    "hidden_helps_large": val_table[64, "large"] < val_table[32, "large"],
    "data_helps_32": val_table[32, "large"] < val_table[32, "small"],
    "data_helps_64": val_table[64, "large"] < val_table[64, "small"],
    "gap_shrinks": val_table[64, "small"] / val_table[64, "large"] < val_table[32, "small"] / val_table[32, "large"],
}
