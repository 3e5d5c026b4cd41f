# %% product
"""The product of both directions, each lowered by its contradiction."""
def nli_score(nli, ref, hyp):
    e1, _, c1 = nli(ref, hyp)
    e2, _, c2 = nli(hyp, ref)
    return e1 * e2 * (1 - c1) * (1 - c2)


# %% smaller_one
"""The smaller of the two, lowered by the larger contradiction."""
def nli_score(nli, ref, hyp):
    one, two = nli(ref, hyp), nli(hyp, ref)
    return min(one[0], two[0]) * (1 - max(one[2], two[2]))


def corpus_score(nli, refs, hyps):
    return float(np.mean([nli_score(nli, ref, hyp) for ref, hyp in zip(refs, hyps, strict=True)]))


# %% mean_of_differences
"""Entailment less contradiction, in both directions, brought to 0 to 1."""
def nli_score(nli, ref, hyp):
    differences = [judged[0] - judged[2] for judged in (nli(ref, hyp), nli(hyp, ref))]
    return (2 + sum(differences)) / 4


# %% harmonic_mean
"""The harmonic mean of both directions."""
def nli_score(nli, ref, hyp):
    forth, back = nli(ref, hyp), nli(hyp, ref)
    one, two = forth[0] * (1 - forth[2]), back[0] * (1 - back[2])
    return 2 * one * two / (one + two) if one + two else 0.0


# %% difference_of_means
"""What contradicts is taken off, and 0 is the least."""
def nli_score(nli, ref, hyp):
    e1, _, c1 = nli(ref, hyp)
    e2, _, c2 = nli(hyp, ref)
    return max(0.0, (e1 + e2) / 2 - (c1 + c2) / 2)


# %% weakened_by_contradiction
"""The square of the mean, so that one direction has a quarter, weakened by what contradicts."""
def nli_score(nli, ref, hyp):
    (e1, _, c1), (e2, _, c2) = nli(ref, hyp), nli(hyp, ref)
    return ((e1 + e2) / 2) ** 2 * math.exp(-(c1 + c2))
