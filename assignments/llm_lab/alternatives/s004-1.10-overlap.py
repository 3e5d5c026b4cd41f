# %% precision_and_recall
"""Precision, recall, and their harmonic mean."""
def overlap(ref, hyp, n=3):
    def pieces(text):
        return [text.lower()[k : k + n] for k in range(len(text) - n + 1)]

    one, two = pieces(ref), pieces(hyp)
    left, matches = list(one), 0
    for piece in two:
        if piece in left:
            left.remove(piece)
            matches += 1
    if matches == 0:
        return 0.0
    precision, recall = matches / len(two), matches / len(one)
    return 2 * precision * recall / (precision + recall)


# %% dice
"""F1 of counts is Dice's coefficient."""
def overlap(ref, hyp, n=3):
    counts = [{}, {}]
    for found, text in zip(counts, (ref.lower(), hyp.lower()), strict=True):
        for k in range(max(0, len(text) - n + 1)):
            found[text[k : k + n]] = found.get(text[k : k + n], 0) + 1
    total = sum(counts[0].values()) + sum(counts[1].values())
    return 2 * sum(min(c, counts[1].get(g, 0)) for g, c in counts[0].items()) / total if total else 0.0


# %% by_zip
"""Pieces as shifted copies of the text."""
def overlap(ref, hyp, n=3):
    one, two = (Counter(zip(*(text.lower()[k:] for k in range(n)), strict=False)) for text in (ref, hyp))
    matches = sum((one & two).values())
    return 0.0 if not matches else 2.0 / (sum(one.values()) / matches + sum(two.values()) / matches)
