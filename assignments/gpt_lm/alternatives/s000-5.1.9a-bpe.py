# %% bpe_with_a_table_of_merges
"""as in minbpe: a table pair -> number, and encoding asks it for the lowest one"""
def learn_bpe(words, merges):
    ids = [(list(word.encode("utf-8")), count) for word, count in words.items()]
    table = {}
    for number in range(256, 256 + merges):
        stats = {}
        for tokens, count in ids:
            for pair in pairwise(tokens):
                stats[pair] = stats.get(pair, 0) + count
        if not stats:
            break
        most = max(stats.values())
        pair = sorted(p for p, count in stats.items() if count == most)[0]
        table[pair] = number
        ids = [(merge_pair(tokens, pair, number), count) for tokens, count in ids]
    return list(table)


def merge_pair(tokens, pair, new):
    out, i = [], 0
    while i < len(tokens):
        if i < len(tokens) - 1 and tokens[i] == pair[0] and tokens[i + 1] == pair[1]:
            out.append(new)
            i += 2
        else:
            out.append(tokens[i])
            i += 1
    return out


def bpe_encode(text, merges):
    table = {tuple(pair): 256 + k for k, pair in enumerate(merges)}
    out = []
    for word in bytepairs.words_of(text):
        tokens = list(word.encode("utf-8"))
        while len(tokens) >= 2:
            pair = min(pairwise(tokens), key=lambda p: table.get(p, float("inf")))
            if pair not in table:
                break
            tokens = merge_pair(tokens, pair, table[pair])
        out.extend(tokens)
    return out


# %% bpe_each_merge_in_turn
"""encoding goes through all merges in their order, once each: what a later merge makes, no earlier one could need"""
def bpe_encode(text, merges):
    found = []
    for word in bytepairs.words_of(text):
        tokens = list(word.encode())
        for place, pair in enumerate(merges):
            tokens = merge_pair(tokens, tuple(pair), 256 + place)
        found += tokens
    return found


# %% bpe_with_a_counter
"""Counter for the pairs; ties by sorting; pairs come back as lists"""
def learn_bpe(words, merges):
    from collections import Counter

    split = {word: tuple(word.encode()) for word in words}
    learned = []
    for number in range(merges):
        counts = Counter()
        for word, tokens in split.items():
            for k in range(len(tokens) - 1):
                counts[tokens[k], tokens[k + 1]] += words[word]
        if sum(counts.values()) == 0:
            return learned
        pair = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[0][0]
        split = {word: tuple(merge_pair(list(tokens), pair, 256 + number)) for word, tokens in split.items()}
        learned.append([pair[0], pair[1]])
    return learned


# %% bpe_counts_kept_up_to_date
"""only the words that hold the merged pair are counted anew: the differences are added to the old counts"""
def learn_bpe(words, merges):
    split = {word: list(word.encode()) for word in words}
    counts = {}

    def add(word, sign):
        for pair in pairwise(split[word]):
            counts[pair] = counts.get(pair, 0) + sign * words[word]

    for word in split:
        add(word, +1)
    learned = []
    while len(learned) < merges and any(counts.values()):
        best = max(counts, key=lambda pair: (counts[pair], -pair[0], -pair[1]))
        for word, tokens in split.items():
            if best in pairwise(tokens):
                add(word, -1)
                split[word] = merge_pair(tokens, best, 256 + len(learned))
                add(word, +1)
        learned.append(best)
    return learned


# %% bpe_tokens_as_a_tensor
"""tokens are whole numbers, in a tensor too; decoding spells each token by going down to its parts"""
def bpe_encode(text, merges):
    found = []
    for word in bytepairs.words_of(text):
        tokens = list(word.encode())
        for place, pair in enumerate(merges):
            tokens = merge_pair(tokens, tuple(pair), 256 + place)
        found += tokens
    return torch.tensor(found, dtype=torch.int64)


def bpe_decode(ids, merges):
    def spell(number):
        if number < 256:
            return bytes([number])
        a, b = merges[number - 256]
        return spell(a) + spell(b)

    return b"".join(spell(int(number)) for number in ids).decode("utf-8", "replace")


# %% bpe_by_a_search_for_the_pair
"""the merge looks for the pair with a slice, from place to place; compression adds up the bytes of the words"""
def merge_pair(tokens, pair, new):
    tokens = list(tokens)
    place = 0
    while place + 1 < len(tokens):
        if tokens[place : place + 2] == list(pair):
            tokens[place : place + 2] = [new]
        place += 1
    return tokens


def bytes_per_token(text, merges):
    return sum(len(word.encode()) for word in bytepairs.words_of(text)) / len(list(bpe_encode(text, merges)))


# %% bpe_kept_per_word_and_merges
"""what is kept from call to call is kept for its word and its merges; compression in single precision"""
import functools


@functools.cache
def tokens_of(word, merges):
    tokens = list(word.encode())
    for place, pair in enumerate(merges):
        tokens = merge_pair(tokens, pair, 256 + place)
    return tuple(tokens)


def bpe_encode(text, merges):
    fixed = tuple(map(tuple, merges))
    return [token for word in bytepairs.words_of(text) for token in tokens_of(word, fixed)]


def bytes_per_token(text, merges):
    return torch.tensor(len(text.encode())) / len(bpe_encode(text, merges))


# %% bpe_merged_as_text_of_characters
"""each token is written as one character of a text, in which the pair is replaced, from left to right; decoding undoes merges"""
def merge_pair(tokens, pair, new):
    text = "".join(map(chr, tokens))
    return [ord(letter) for letter in text.replace(chr(pair[0]) + chr(pair[1]), chr(new))]


def bpe_decode(ids, merges):
    for place in range(len(merges) - 1, -1, -1):
        ids = [part for number in ids for part in (merges[place] if number == 256 + place else (number,))]
    return bytes(ids).decode(errors="replace")
