# %% zipped
"""levels in pairs"""
def generate(denoise, etas, start, noise):
    z = start.copy()
    for V, here, there in zip(noise, etas, etas[1:], strict=False):
        z = reverse_step(z, denoise(z, here), there, here, V)
    return denoise(z, etas[-1])


# %% recursive
"""one step and the rest of the walk"""
def generate(denoise, etas, start, noise):
    guess = denoise(start, etas[0])
    if len(etas) == 1:
        return guess
    return generate(denoise, list(etas)[1:], reverse_step(start, guess, etas[1], etas[0], noise[0]), noise[1:])


# %% guesses_kept
"""all guesses are kept, and the last one comes back, as lists"""
def generate(denoise, etas, start, noise):
    z, guesses = start, []
    for k, eta in enumerate(etas):
        guesses.append(denoise(z, eta))
        if k + 1 < len(etas):
            z = reverse_step(z, guesses[-1], etas[k + 1], eta, noise[k])
    return np.array(guesses[-1]).tolist()
