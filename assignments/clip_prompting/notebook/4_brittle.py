# %% [markdown]
# # Part 4: How brittle is it?
#
# ## 4.1 Counting flips
#
# **Why.** Somebody reports that "two nemo" found a picture of clown fish and "two nemos" did not: a nice story, and one
# case. A story is not a measurement. Is it this word? Is it the plural? Does it happen with every change?
#
# **The idea.** Take many captions. Change each in one small way, and count how often another picture is picked.
# `shapes.near_paraphrases(scene)` gives the changes in six kinds:

# %% locked="paraphrases"
for kind, variants in shapes.near_paraphrases(shapes.PROBES[2]).items():
    print(f"{kind:>16}   {'; '.join(variants)}")

# %% [markdown]
# Two kinds, *other number* and *word left out*, do change what the caption says. The other four do not: a person
# would pick the same pictures.
#
# **By hand.** A caption picks picture 5; four variants pick 5, 9, 5 and 2. Two of four flipped: the rate is 0.5.
#
# **A trap.** A flip means *another picture than the original caption picked*. It does not matter whether either
# of them is a picture of the right kind.
#
# **Your task** (s001-4.2, brittleness). The function; the table `flips`, which gives for each of the six
# kinds the mean of `flip_rate` over the plain captions of the 29 scenes in `shapes.PROBES`; and four claims,
# read off your own table. Two digits are enough, in the table and from the function. *Same meaning* is about
# common synonym, rare synonym, other order and opening; *the other number* means the noun's.


# %% answer="s001-4.2-brittle"
def flip_rate(caption: str, variants: list[str]) -> float:
    """Share of `variants` that pick another picture of the gallery than `caption` does; at least one variant."""
    ### BEGIN SOLUTION
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1)
    return float((picked[1:] != picked[0]).double().mean())
    ### END SOLUTION


# Replace each None, and delete the `raise` below.
flips = None  # a dict: each of shapes.KINDS_OF_CHANGE -> a number from 0 to 1
claims = {
    "flips most often": None,  # one of shapes.KINDS_OF_CHANGE
    "flips least often": None,  # one of shapes.KINDS_OF_CHANGE
    "the same meaning can pick another picture": None,  # True or False
    "the other number flips more often than a common synonym": None,  # True or False
}
### BEGIN SOLUTION
flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        flips[kind] += flip_rate(scene.caption, variants) / len(shapes.PROBES)
claims = {
    "flips most often": "word left out",
    "flips least often": "common synonym",
    "the same meaning can pick another picture": True,
    "the other number flips more often than a common synonym": True,
}
### END SOLUTION

# %% tests="s001-4.2-brittle"
def public_tests_flips():
    same = ["two small red rings", "Two small red rings!"]
    assert float(flip_rate("two small red rings", same)) == 0, "nothing changed, so nothing flips"
    other = ["one large blue cross", "two small red rings", "three large green squares", "one small yellow ring"]
    assert abs(float(flip_rate("two small red rings", other)) - 0.75) < 1e-9, "three of these four pick another picture"
    assert set(flips) == set(shapes.KINDS_OF_CHANGE), "flips has one entry per kind of change"
    assert all(0 <= float(rate) <= 1 for rate in flips.values()), "each entry is a share, from 0 to 1"
    for name, claim in claims.items():
        assert claim is not None, f"replace None in the claim {name!r}"
    print("public tests of 4.1 passed")


public_tests_flips()

# %% [markdown]
# ## 4.2 A tie or a mistake?
#
# **Why.** A flip says that another picture was picked. It does not say that this is wrong. Two pictures of *two small
# red rings* fit a caption equally well, and which of them is ahead is an accident of the drawing. Whoever counts such
# flips as errors blames the model for a coin that had to fall on one side; whoever excuses all flips like that hides
# its errors.
#
# **The idea.** Count apart. A flip *within the kind* picks a picture that has the same plain caption as the one that
# was picked before: the words cannot choose between the two. All others pick a picture of another kind.
#
# **By hand.** A caption picks picture 5. Four variants pick 5, 9, 5 and 2, and picture 9 is of the same kind as 5,
# picture 2 is not. The rate of 4.1 is 0.5, the one asked for here 0.25.
#
# **A trap.** What counts is the kind of the picture that the *caption* picked, be that right or wrong, and not what the
# caption says. And it is a share of all variants, not of those that flipped.
#
# **Your task** (s001-4.2, kinds). The function, and the table `content_flips`, made in the same way as `flips`.
# `world.scenes[k]` is the kind of picture `k`; kinds are compared with `==`.


# %% answer="s001-4.2-kinds"
def content_flip_rate(caption: str, variants: list[str]) -> float:
    """Share of `variants` that pick a picture of another kind than the picture that `caption` picks."""
    ### BEGIN SOLUTION
    picked = similarity_matrix(clip.embed_texts([caption, *variants]), gallery_emb).argmax(dim=1).tolist()
    own = world.scenes[picked[0]]
    return sum(world.scenes[k] != own for k in picked[1:]) / len(variants)
    ### END SOLUTION


# Replace None, and delete the `raise` below.
content_flips = None  # a dict: each of shapes.KINDS_OF_CHANGE -> a number from 0 to 1
### BEGIN SOLUTION
content_flips = dict.fromkeys(shapes.KINDS_OF_CHANGE, 0.0)
for scene in shapes.PROBES:
    for kind, variants in shapes.near_paraphrases(scene).items():
        content_flips[kind] += content_flip_rate(scene.caption, variants) / len(shapes.PROBES)
### END SOLUTION

# %% tests="s001-4.2-kinds"
def public_tests_kinds():
    same = ["two small red rings", "Two small red rings!"]
    assert float(content_flip_rate("two small red rings", same)) == 0, "nothing changed, so nothing flips"
    other = ["one large blue cross", "two small red rings", "three large green squares", "one small yellow ring"]
    assert abs(float(content_flip_rate("two small red rings", other)) - 0.75) < 1e-9, "three of these four pick another kind"
    assert set(content_flips) == set(shapes.KINDS_OF_CHANGE), "content_flips has one entry per kind of change"
    for change, rate in content_flips.items():
        assert 0 <= float(rate) <= float(flips[change]) + 0.01, (
            f"{change}: who picks another kind picks another picture, so no entry is larger than that of flips"
        )
    print("public tests of 4.2 passed")


public_tests_kinds()

# %% figure="picture-flips"
def draw_flips():
    names = ("another kind", "another picture of the same kind")
    return clip_pictures.stacked(flips, content_flips, "share of changed captions that pick another picture", names)


pictures.when_ready("content_flips", draw_flips)
