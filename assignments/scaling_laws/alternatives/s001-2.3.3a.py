# %% base_two_and_converted
"""logarithms to base 2, the intercept converted"""
def fit_linear_log(x, y):
    m, c = np.polyfit(np.log2(np.asarray(x, float)), np.log2(np.asarray(y, float)), 1)
    return m, c * np.log10(2)


# %% correlation_times_ratio_of_spreads
"""correlation times the ratio of the spreads"""
def fit_linear_log(x, y):
    u, v = np.log10(np.asarray(x, dtype=float)), np.log10(np.asarray(y, dtype=float))
    m = np.corrcoef(u, v)[0, 1] * np.std(v) / np.std(u) if np.std(v) > 0 else 0.0
    return np.array([m, v.mean() - m * u.mean()])


# %% covariance_over_variance
"""the slope as covariance over variance, in plain Python"""
def fit_linear_log(x, y):
    u, v = [math.log10(a) for a in x], [math.log10(b) for b in y]
    mean_u, mean_v = sum(u) / len(u), sum(v) / len(v)
    m = sum((a - mean_u) * (b - mean_v) for a, b in zip(u, v, strict=True)) / sum((a - mean_u) ** 2 for a in u)
    return [m, mean_v - m * mean_u]


# %% linear_regression_of_statistics
"""the standard library's linear regression, as it returns"""
import statistics

def fit_linear_log(x, y):
    return statistics.linear_regression(list(map(math.log10, x)), list(map(math.log10, y)))


# %% natural_and_converted
"""natural logarithms, with the intercept divided by ln 10"""
def fit_linear_log(x, y):
    m, c = np.polyfit(np.log(np.array(x, dtype=float)), np.log(np.array(y, dtype=float)), 1)
    return np.array([m, c / math.log(10)])


# %% normal_equations_solved
"""normal equations as they stand"""
def fit_linear_log(x, y):
    A = np.column_stack([np.log10(np.asarray(x, float)), np.ones(len(x))])
    return tuple(np.linalg.solve(A.T @ A, A.T @ np.log10(np.asarray(y, float))))


# %% polynomial_class
"""numpy's Polynomial, lowest power first, turned round"""
from numpy.polynomial import Polynomial

def fit_linear_log(x, y):
    c, m = Polynomial.fit(np.log10(np.asarray(x, float)), np.log10(np.asarray(y, float)), 1).convert().coef
    return m, c


# %% torch_least_squares_line
"""least squares in torch, one tensor with both numbers"""
def fit_linear_log(x, y):
    u = torch.as_tensor(x, dtype=torch.float64).log10()
    v = torch.as_tensor(y, dtype=torch.float64).log10()
    return torch.linalg.lstsq(torch.stack([u, torch.ones_like(u)], dim=1), v[:, None]).solution[:, 0]
