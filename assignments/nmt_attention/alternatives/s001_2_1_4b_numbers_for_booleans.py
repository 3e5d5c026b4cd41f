"""
item: s001-2.1.4b
cell: s001-2_1_4b
why: 1 and 0
"""

claims = {
    "hidden_helps_small": int(val_table[64, "small"] < val_table[32, "small"]),
    "hidden_helps_large": int(val_table[64, "large"] < val_table[32, "large"]),
    "data_helps_32": int(val_table[32, "large"] < val_table[32, "small"]),
    "data_helps_64": int(val_table[64, "large"] < val_table[64, "small"]),
    "gap_shrinks": int(abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"])),
}
