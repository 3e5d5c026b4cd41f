"""
item: s001-2.1.4b
cell: s001-2_1_4b
why: "yes" and "no" are as good as True and False
"""

claims = {
    "hidden_helps_small": "yes" if val_table[64, "small"] < val_table[32, "small"] else "no",
    "hidden_helps_large": "yes" if val_table[64, "large"] < val_table[32, "large"] else "no",
    "data_helps_32": "yes" if val_table[32, "large"] < val_table[32, "small"] else "no",
    "data_helps_64": "yes" if val_table[64, "large"] < val_table[64, "small"] else "no",
    "gap_shrinks": "yes" if abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]) else "no",
}
