"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: width_claim_on_small_fits_the_table
misconception: a wide model overfits a small set
explain: You claim that on the small set width does not help, perhaps because wide models should overfit.
  Your table has the answer.
"""

claims = {
    "hidden_helps_small": False,
    "hidden_helps_large": val_table[64, "large"] < val_table[32, "large"],
    "data_helps_32": val_table[32, "large"] < val_table[32, "small"],
    "data_helps_64": val_table[64, "large"] < val_table[64, "small"],
    "gap_shrinks": abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]),
}
