"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: data_claim_at_32_fits_the_table, data_claim_at_64_fits_the_table
misconception: claims of another table
explain: You claim that more words do not help, as in some published tables. Yours says otherwise; a claim
  has to be about the numbers at hand.
"""

claims = {
    "hidden_helps_small": val_table[64, "small"] < val_table[32, "small"],
    "hidden_helps_large": val_table[64, "large"] < val_table[32, "large"],
    "data_helps_32": False,
    "data_helps_64": False,
    "gap_shrinks": abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]),
}
