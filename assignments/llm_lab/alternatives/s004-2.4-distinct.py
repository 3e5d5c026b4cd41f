# %% by_zip
"""N-grams as shifted copies."""
def distinct_n(texts, n):
    grams = []
    for text in texts:
        words = text.lower().split()
        grams.extend(zip(*(words[k:] for k in range(n)), strict=False))
    return len(set(grams)) / max(1, len(grams))


# %% by_counting
"""A counter over joined n-grams."""
def distinct_n(texts, n):
    counts = Counter()
    for words in map(str.split, map(str.lower, texts)):
        counts.update("\t".join(words[k : k + n]) for k in range(max(0, len(words) - n + 1)))
    total = sum(counts.values())
    return 0.0 if total == 0 else len(counts) / total


# %% two_sums
"""The number of all n-grams by arithmetic, the different ones by a set."""
def distinct_n(texts, n):
    split = [text.lower().split() for text in texts]
    total = sum(max(0, len(words) - n + 1) for words in split)
    different = {tuple(words[k : k + n]) for words in split for k in range(len(words) - n + 1)}
    return len(different) / total if total else 0
