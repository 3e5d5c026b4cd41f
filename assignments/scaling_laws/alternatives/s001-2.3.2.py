# %% legendre_series
"""a Legendre series, converted"""
from numpy.polynomial import legendre

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    L = legendre.Legendre.fit(u, y, 2)
    c, b, a = L.convert(kind=np.polynomial.Polynomial).coef
    if a <= 0:
        raise ValueError("no")
    return [a, b, c], 10 ** (-b / (2 * a))


# %% lists_and_cramer
"""no numpy: sums over lists and Cramer's rule"""
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


# %% natural_logarithm_throughout
"""natural logarithm and exponential, and the coefficients carried over to log10"""
def find_optimal_params(n_params, losses):
    a, b, c = np.polyfit(np.log(np.asarray(n_params, dtype=float)), losses, 2)
    if a <= 0:
        raise ValueError("opens downwards")
    ten = np.log(10)
    return [a * ten**2, b * ten, c], np.exp(-b / (2 * a))


# %% normal_equations
"""the normal equations solved in shifted coordinates and shifted back"""
def find_optimal_params(n_params, losses):
    u = np.log10(np.array(n_params, dtype=float))
    middle = u.mean()
    A = np.stack([(u - middle) ** 2, u - middle, np.ones(len(u))], axis=1)
    a, b, c = np.linalg.solve(A.T @ A, A.T @ np.array(losses, dtype=float))
    if not a > 0:
        raise ValueError("opens downwards")
    return [a, b - 2 * a * middle, a * middle**2 - b * middle + c], 10 ** (middle - b / (2 * a))


# %% normal_equations_as_they_stand
"""the normal equations without any shift are precise enough in double precision"""
def find_optimal_params(n_params, losses):
    u = [math.log10(n) for n in n_params]
    A = np.vander(u, 3)
    p = np.linalg.inv(A.T @ A) @ (A.T @ np.asarray(losses, dtype=float))
    if p[0] <= 0:
        raise ValueError("opens downwards")
    return tuple(p), 10 ** (-p[1] / 2 / p[0])


# %% one_newton_step
"""one Newton step on the squared error, with autograd's Hessian"""
def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    U, Y = torch.from_numpy(u), torch.from_numpy(np.array(y))
    s = U.mean()
    X = torch.stack([(U - s) ** 2, U - s, torch.ones_like(U)], 1)

    def loss(q):
        return ((X @ q - Y) ** 2).sum()

    q0 = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    H = torch.autograd.functional.hessian(loss, q0)
    (g,) = torch.autograd.grad(loss(q0), q0)
    a, b, c = (-torch.linalg.solve(H, g)).tolist()
    if a <= 0:
        raise ValueError("no")
    s = float(s)
    return (a, b - 2 * a * s, a * s * s - b * s + c), 10 ** (s - b / (2 * a))


# %% orthogonal_factors
"""least squares by QR"""
def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    q, r = np.linalg.qr(np.vander(u, 3))
    p = np.linalg.solve(r, q.T @ y)
    if p[0] <= 0:
        raise ValueError("no")
    return p, 10 ** (-p[1] / 2 / p[0])


# %% own_kind_of_value_error
"""an error class of one's own is a ValueError too"""
class NoValley(ValueError):
    pass

def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    p = np.polyfit(u, y, 2)
    if p[0] <= 0:
        raise NoValley("hill")
    return p, 10 ** (-p[1] / (2 * p[0]))


# %% poly1d_and_its_derivative
"""poly1d with its derivative; the best size as an array of one"""
def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    curve = np.poly1d(np.polyfit(u, y, 2))
    if curve.deriv(2)(0.0) <= 0:
        raise ValueError("no")
    return curve.coeffs, 10 ** curve.deriv().roots


# %% polynomial_class_and_roots
"""numpy's Polynomial, converted to the plain basis and turned round; the root of its derivative"""
from numpy.polynomial import Polynomial

def find_optimal_params(n_params, losses):
    curve = Polynomial.fit(np.log10(np.asarray(n_params, float)), np.asarray(losses, float), 2).convert()
    if curve.coef[2] <= 0:
        raise ValueError("opens downwards")
    return curve.coef[::-1], 10.0 ** curve.deriv().roots()[0]


# %% standardised_axis
"""fitted on a standardised axis and multiplied out"""
def find_optimal_params(n_params, losses):
    u, y = np.log10(np.asarray(n_params, dtype=float)), np.asarray(losses, dtype=float)
    m, s = u.mean(), u.std()
    a, b, c = np.polyfit((u - m) / s, y, 2)
    if a <= 0:
        raise ValueError("no")
    return np.array([a / s**2, b / s - 2 * a * m / s**2, a * m**2 / s**2 - b * m / s + c]), 10 ** (m - s * b / (2 * a))


# %% torch_least_squares
"""least squares in torch, results as tensors"""
def find_optimal_params(n_params, losses):
    u = torch.as_tensor(n_params, dtype=torch.float64).log10()
    A = torch.stack([u**2, u, torch.ones_like(u)], dim=1)
    b = torch.as_tensor(losses, dtype=torch.float64)[:, None]
    p = torch.linalg.lstsq(A, b).solution[:, 0]
    if p[0] <= 0:
        raise ValueError("opens downwards")
    return p, 10 ** (-p[1] / (2 * p[0]))
