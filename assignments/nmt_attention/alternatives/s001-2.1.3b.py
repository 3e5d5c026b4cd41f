# %% complex_numbers
"""sine and cosine as the parts of a complex exponential, float64"""
def sinusoidal(n, d):
    i = torch.arange(d // 2, dtype=torch.float64)
    angle = torch.outer(torch.arange(n, dtype=torch.float64), torch.pow(10000.0, -2 * i / d))
    turned = torch.polar(torch.ones_like(angle), angle)
    return torch.stack((turned.imag, turned.real), dim=2).flatten(1)


# %% cosine_as_shifted_sine
"""numpy in float64, cosine as a sine a quarter turn ahead"""
def sinusoidal(n, d):
    column = np.arange(d)
    angle = np.arange(n)[:, None] / 10000 ** ((column - column % 2) / d)
    return torch.from_numpy(np.sin(angle + np.pi / 2 * (column % 2)))


# %% entry_by_entry
"""two loops and plain numbers"""
def sinusoidal(n, d):
    rows = []
    for p in range(n):
        row = []
        for i in range(d // 2):
            angle = p / 10000 ** (2 * i / d)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row)
    return torch.tensor(rows)


# %% exponential_of_a_logarithm
"""frequencies as exp(-2i ln(10000)/d), columns written in place, float32"""
def sinusoidal(n, d):
    table = torch.zeros(n, d)
    position = torch.arange(0, n).unsqueeze(1).float()
    frequency = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
    table[:, 0::2] = torch.sin(position * frequency)
    table[:, 1::2] = torch.cos(position * frequency)
    return table


# %% filled_column_by_column
"""all in float32, even and odd columns filled in turn"""
def sinusoidal(n, d):
    pe = torch.zeros(n, d)
    position = torch.arange(0, n, dtype=torch.float).unsqueeze(1)
    div = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
    pe[:, 0::2] = torch.sin(position * div)
    pe[:, 1::2] = torch.cos(position * div)
    return pe


# %% numpy_array
"""an array of numpy in float64, made by two comprehensions"""
def sinusoidal(n, d):
    return np.array([[(math.sin, math.cos)[c % 2](p / 10000 ** (2 * (c // 2) / d)) for c in range(d)] for p in range(n)])


# %% polar_numbers
"""points on a circle by torch.polar"""
def sinusoidal(n, d):
    a = torch.outer(torch.arange(n).double(), torch.logspace(0, -4 * (d - 2) / d, d // 2, dtype=torch.float64))
    z = torch.polar(torch.ones_like(a), a)
    return torch.view_as_real(z)[..., [1, 0]].reshape(n, d)
