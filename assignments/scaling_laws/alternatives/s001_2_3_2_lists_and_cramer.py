"""
item: s001-2.3.2
cell: s001-2_3_2
why: no numpy: sums over lists and Cramer's rule
"""

def find_optimal_params(n_params, losses):
    u = [math.log10(float(n)) for n in n_params]
    y = [float(loss) for loss in losses]
    middle = sum(u) / len(u)
    u = [value - middle for value in u]
    S = [sum(value**k for value in u) for k in range(5)]
    R = [sum(value**k * loss for value, loss in zip(u, y, strict=True)) for k in range(3)]

    def det(m):
        (a, b, c), (d, e, f), (g, h, i) = m
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

    M = [[S[4], S[3], S[2]], [S[3], S[2], S[1]], [S[2], S[1], S[0]]]
    right = [R[2], R[1], R[0]]
    a, b, c = (det([[right[i] if j == k else M[i][j] for j in range(3)] for i in range(3)]) / det(M) for k in range(3))
    if a <= 0:
        raise ValueError("opens downwards")
    return (a, b - 2 * a * middle, a * middle**2 - b * middle + c), 10 ** (middle - b / (2 * a))
