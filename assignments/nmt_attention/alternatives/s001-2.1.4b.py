# %% numbers_for_booleans whole=true
"""1 and 0"""
claims = {
    "hidden_helps_small": int(val_table[64, "small"] < val_table[32, "small"]),
    "hidden_helps_large": int(val_table[64, "large"] < val_table[32, "large"]),
    "data_helps_32": int(val_table[32, "large"] < val_table[32, "small"]),
    "data_helps_64": int(val_table[64, "large"] < val_table[64, "small"]),
    "gap_shrinks": int(abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"])),
}


# %% numpy_booleans
"""comparisons of a numpy table give numpy booleans"""
t = np.array([[float(val_table[h, data]) for data in ("small", "large")] for h in (32, 64)])

gap = np.abs(t[:, 0] - t[:, 1])

claims = {
    "hidden_helps_small": t[1, 0] < t[0, 0],
    "hidden_helps_large": t[1, 1] < t[0, 1],
    "data_helps_32": t[0, 1] < t[0, 0],
    "data_helps_64": t[1, 1] < t[1, 0],
    "gap_shrinks": gap[1] < gap[0],
}


# %% words_for_booleans whole=true
""""yes" and "no" are as good as True and False"""
claims = {
    "hidden_helps_small": "yes" if val_table[64, "small"] < val_table[32, "small"] else "no",
    "hidden_helps_large": "yes" if val_table[64, "large"] < val_table[32, "large"] else "no",
    "data_helps_32": "yes" if val_table[32, "large"] < val_table[32, "small"] else "no",
    "data_helps_64": "yes" if val_table[64, "large"] < val_table[64, "small"] else "no",
    "gap_shrinks": "yes" if abs(val_table[64, "small"] - val_table[64, "large"]) < abs(val_table[32, "small"] - val_table[32, "large"]) else "no",
}
