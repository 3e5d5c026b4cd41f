# %% by_the_running_sum
"""a uniform number, and where it falls in the running sum of the probabilities"""
def sample_step(logits, generator):
    sums = torch.softmax(logits, dim=-1).cumsum(-1)
    u = torch.rand((), generator=generator, dtype=logits.dtype) * sums[-1]
    return int((sums <= u).sum())


# %% by_gumbel
"""the largest of scores plus Gumbel noise"""
def sample_step(logits, generator):
    u = torch.rand(logits.shape, generator=generator, dtype=torch.float64).clamp(1e-300, 1 - 1e-16)
    return int((logits.double() - torch.log(-torch.log(u))).argmax())


# %% as_a_tensor
"""multinomial takes any positive weights: exp of scores without their largest"""
def sample_step(logits, generator):
    return torch.multinomial((logits - logits.max()).exp(), num_samples=1, generator=generator)[0]
