# %% by_simulation
"""measures the variance on many drawn logits"""
def logit_variance(d, std):
    drawn = np.random.default_rng(0)
    logits = np.concatenate([(drawn.standard_normal((400, d)) @ (std * drawn.standard_normal((d, 400)))).ravel() for _ in range(3)])
    return logits.var() if std else 0.0


# %% in_torch_and_as_text
"""a 0-d tensor for the number, and the letter as text"""
answers["s003-9i"] = "C"


def logit_variance(d, std):
    return torch.tensor(float(std), dtype=torch.float64).square() * d


# %% a_list_of_letters
"""the letter in a list, the variance as a sum over the width"""
answers["s003-9i"] = ["c"]


def logit_variance(d, std):
    return sum(std * std for _ in range(d))
