# %% other_sign
"""the noise with the other sign has the same law; the diagram as a list"""
def reparameterise(mu, sigma, V):
    return mu - V * sigma


diagram = [("mu", "plus"), ["times", "plus"], ("sigma", "times"), ("plus", "Z"), ("V", "times")]


# %% addcmul
"""torch has a function for it"""
def reparameterise(mu, sigma, V):
    return torch.addcmul(mu, sigma, V)


# %% stepwise
"""a scaled copy of the noise, and a shift; the diagram is built"""
def reparameterise(mu, sigma, V):
    noise = torch.mul(V, sigma)
    return noise.add(mu)


diagram = set()
for block, inputs in {"times": ["sigma", "V"], "plus": ["times", "mu"], "Z": ["plus"]}.items():
    for source in inputs:
        diagram.add((source, block))
