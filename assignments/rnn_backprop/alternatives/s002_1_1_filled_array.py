"""
item: s002-1.1
cell: s002-1_1
why: an array filled row by row, all inputs multiplied at once
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    H = np.empty((len(xs), len(h0)))
    drive = xs @ U.T + b
    for t in range(len(xs)):
        H[t] = W @ sigma(H[t - 1] if t else h0) + drive[t]
    return H
