# %% [markdown]
# # Part 6: Tokens of real text
#
# Toy English has 70 words. Real text has no end of them: names, typing errors, numbers, other alphabets. By
# characters nothing is unknown, but a window of 64 characters holds a dozen words. The published answer of Part 5 reads text in
# between: GPT-2's tokens, 50,257 of them, which is where nearly all of its parameters come from. They are made by
# *byte-pair encoding*, a compression method of 1994 that
# [Sennrich et al. 2016](https://arxiv.org/abs/1508.07909) brought to language. You write it now.
#
# **The idea.** Begin with single bytes: 256 tokens, and every text in the world is made of them (a letter beyond ASCII takes two
# to four). Find the pair of neighbours that comes most often, give it a number of its own, write that number wherever the pair
# stands, and begin again. What comes often becomes one token; what is rare stays in pieces; nothing is unknown.
#
# **By hand.** The words `hug` (5 times), `pug` (4), `hugs` (3). The pairs: `h u` 8, `u g` 12, `p u` 4, `g s` 3. So the first merge
# is `u g`, and it becomes token 256. Now the words read `h 256`, `p 256`, `h 256 s`: the pair `h 256` comes 8 times, `p 256` 4,
# `256 s` 3. The second merge is `h 256`, called 257. The pair `h u` is gone, though it came 8 times at the beginning:
# **count again after each merge.**
#
# **The rules**, so that everybody gets the same tokens:
#
# 1. A text is cut into words first; `bytepairs.words_of` does that. Pairs are counted inside a word, and **no token crosses from
#    one word to the next**, neither in learning nor in encoding. A word that comes `c` times counts `c` times.
# 2. Every place where two neighbours stand counts: `aaa` holds the pair `a a` twice, though only one of the two can be merged.
#    **Merging goes from left to right**: `aaa` becomes `256 a`.
# 3. Of pairs that come equally often, the one with the **smaller first number** is merged; if that is the same too, the one with
#    the smaller second number.
# 4. Encoding repeats what was learned, **in the order in which it was learned**. It does not look for the longest token.
#
# **Traps.** With rule 4 `abc` can end as `a` `bc`, even where `ab` is a token, too. Text is not bytes: `len("é")` is 1, and it has 2
# bytes. And a model may write tokens that end in the middle of a letter: decoding must survive that, so it puts `"\ufffd"` there
# (that is what `errors="replace"` is for).
#
# **Your task** (s000-5.1.9a, its tokens).


# %% answer="s000-5.1.9a-bpe"
def learn_bpe(words: dict[str, int], merges: int) -> list[Pair]:
    """The first `merges` merges of byte-pair encoding, in the order in which they were made.

    words: word -> how often it comes. A pair (a, b) holds the numbers of two tokens: below 256 the bytes of UTF-8, and 256 + k is
    what merge number k (0, 1, ...) made. Fewer pairs come back when no word has two tokens left.
    """
    ### BEGIN SOLUTION
    split = {word: list(word.encode()) for word in words}
    learned: list[Pair] = []
    while len(learned) < merges:
        counts: dict[Pair, int] = {}
        for word, tokens in split.items():
            for pair in pairwise(tokens):
                counts[pair] = counts.get(pair, 0) + words[word]
        if not counts:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        split = {word: merge_pair(tokens, best, 256 + len(learned)) for word, tokens in split.items()}
        learned.append(best)
    return learned
    ### END SOLUTION


def merge_pair(tokens: list[int], pair: Pair, new: int) -> list[int]:
    """The tokens with `new` wherever the pair stands, from left to right: [1, 1, 1, 2], (1, 1), 9 -> [9, 1, 2]."""
    ### BEGIN SOLUTION
    merged: list[int] = []
    for token in tokens:
        if merged and (merged[-1], token) == pair:
            merged[-1] = new
        else:
            merged.append(token)
    return merged
    ### END SOLUTION


def bpe_encode(text: str, merges: list[Pair]) -> list[int]:
    """The numbers of the tokens of a text, word by word. merges: as learn_bpe gives them. Works for any text, the empty one too."""
    ### BEGIN SOLUTION
    rank = {pair: place for place, pair in enumerate(merges)}
    known: dict[str, list[int]] = {}
    for word in set(bytepairs.words_of(text)):
        tokens = list(word.encode())
        while learned := [rank[pair] for pair in pairwise(tokens) if pair in rank]:
            tokens = merge_pair(tokens, merges[min(learned)], 256 + min(learned))
        known[word] = tokens
    return [token for word in bytepairs.words_of(text) for token in known[word]]
    ### END SOLUTION


def bpe_decode(ids: list[int], merges: list[Pair]) -> str:
    """The text of these tokens. Bytes that are no UTF-8 become "\\ufffd"."""
    ### BEGIN SOLUTION
    spelled = [bytes([byte]) for byte in range(256)]
    for a, b in merges:
        spelled.append(spelled[a] + spelled[b])
    return b"".join(spelled[number] for number in ids).decode("utf-8", errors="replace")
    ### END SOLUTION


def bytes_per_token(text: str, merges: list[Pair]) -> float:
    """How much is compressed: the bytes of a text (not empty) in UTF-8, divided by the number of its tokens."""
    ### BEGIN SOLUTION
    return len(text.encode()) / len(bpe_encode(text, merges))
    ### END SOLUTION


# %% tests="s000-5.1.9a-bpe"
def public_tests_bpe():
    def learned(words, merges):
        return [tuple(map(int, pair)) for pair in learn_bpe(words, merges)]

    hugs = {"hug": 5, "pug": 4, "hugs": 3}
    u, g, h = b"ugh"
    assert learned(dict(hugs), 1) == [(u, g)], "the first merge: `u g` comes 12 times, no pair more often"
    assert learned(dict(hugs), 2) == [(u, g), (h, 256)], "count again: `h 256` comes 8 times after the first merge"
    assert learned({"ba": 1, "ab": 1, "ac": 1}, 1) == [(97, 98)], "ties: all pairs come once, and `a b` has the smallest numbers"
    assert learned({"aaa": 2, "bc": 3}, 1) == [(97, 97)], "overlaps: `a a` stands in aaa twice, so it comes 4 times"
    assert list(merge_pair([1, 1, 1, 2], (1, 1), 9)) == [9, 1, 2], "left to right: [1, 1, 1, 2] becomes [9, 1, 2]"
    assert list(merge_pair([], (1, 2), 9)) == [], "no tokens: nothing to merge"
    assert learned({"é": 1}, 1) == [(0xC3, 0xA9)], "bytes: é has two, and they are a pair"
    assert learned({" A": 1, "b": 2}, 1) == [(32, 65)], "bytes: a space and a capital are bytes like any other"
    assert isinstance(learn_bpe(dict(hugs), 1), (list, tuple)), "merges: a list of pairs, so that a cut gives the first ones"
    assert learned({"ab": 1}, 9) == [(97, 98)], "nothing left: where every word is one token, learning ends"
    assert learned({"a": 3}, 2) == learned({}, 2) == learned(hugs, 0) == [], "no merges: there are none to be made, or wanted"

    merges = [(98, 99), (97, 98), (257, 99), (32, 97)]  # bc, ab, abc, and an a with the space before it
    assert list(bpe_encode("abc", merges)) == [97, 256], "learned order: `b c` was learned before `a b`, so abc is a, bc"
    assert list(bpe_encode("x a\n a", merges)) == [120, 259, 10, 32, 97], "words: the space after a line's end is no part of a"
    assert list(bpe_encode("hug", [])) == list(b"hug"), "without merges: the tokens are the bytes"
    for text in ("", "abc abcab", "naïve ☕ 数学 👩‍🚀", "\ttabs\r\n\n  and \0 too "):
        assert bpe_decode(bpe_encode(text, merges), merges) == text, f"round trip: {text!r} comes back as it was"
    assert bpe_decode([258, 32, 257], merges) == "abc ab", "decoding: a token of tokens is spelled out to the last byte"
    assert bpe_decode([104, 0xC3], []) == "h\ufffd", "half a letter: the first byte of é alone becomes \\ufffd"
    assert abs(bytes_per_token("abcbc", merges) - 5 / 3) < 1e-6, "compression: five bytes in three tokens"
    assert bytes_per_token("é", []) == 1, "compression: bytes are counted, and not letters"
    print("public tests of part 6 passed")


public_tests_bpe()

# %% [markdown]
# **Watch it learn.** It reads the few paragraphs of Part 5. Below, a line that could stand in them, after 0, 5, 20, 60 and 200 merges. On the right: how
# many tokens the line has. `␣` is a space: most tokens begin with one, as a word does.

# %% figure="picture-merges"
PROSE = corpus.small_text()


def picture_of_merges(line="The captain said that the water would be calm."):
    learned = learn_bpe(bytepairs.word_counts(PROSE), 200)
    rows = []
    for count in (0, 5, 20, 60, 200):
        ids = bpe_encode(line, learned[:count])
        rows.append((f"{count} merges", [bpe_decode([number], learned) for number in ids]))
    return token_pictures.merge_steps(rows, "The same line, token by token")


attempt("the picture", picture_of_merges)

# %% [markdown]
# **What is saved, and where.** Tokens per word against merges: on the text that they were learned from, and on two others that
# they were not. A few lines of Python have little in common with the prose, and stay nearly single letters.
# Whoever chooses the text for the merges chooses for which texts a model will be cheap. (GPT-2's tokens are English in this way:
# the same sentence costs several times as many tokens in some other languages,
# [Petrov et al. 2023](https://arxiv.org/abs/2305.15425).)

# %% figure="picture-compression"
CODE_LINES = """def mean(numbers):
    if not numbers:
        raise ValueError('no numbers')
    return sum(numbers) / len(numbers)
"""


def picture_of_compression():
    cut = PROSE[: len(PROSE) * 2 // 3].rfind(" ")
    learned = learn_bpe(bytepairs.word_counts(PROSE[:cut]), 200)
    texts = {"learned from": PROSE[:cut], "the rest of it": PROSE[cut:], "Python": CODE_LINES}
    curves = {name: [] for name in texts}
    for count in (0, 5, 10, 20, 40, 70, 100, 150, 200):
        for name, words in texts.items():
            tokens = len(bpe_encode(words, learned[:count]))
            curves[name].append((count, tokens / len(bytepairs.words_of(words))))
    for name, words in texts.items():
        print(f"{name:>14}: {bytes_per_token(words, learned):.2f} bytes per token after {len(learned)} merges")
    return token_pictures.tokens_per_word(curves, "What 200 merges save")


attempt("the picture", picture_of_compression)
