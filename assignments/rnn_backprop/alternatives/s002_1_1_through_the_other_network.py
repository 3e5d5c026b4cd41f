"""
item: s002-1.1
cell: s002-1_1
why: runs the second network and keeps what enters its activation
"""


def g_from_h(h, sigma):
    return np.asarray(sigma(np.asarray(h))).tolist()


def run_h(W, U, b, xs, h0, sigma):
    rows, g = [], sigma(h0)
    for x in xs:
        entering = np.einsum("ij,j->i", W, g) + U.dot(x) + b
        rows.append(entering.tolist())
        g = sigma(entering)
    return rows
