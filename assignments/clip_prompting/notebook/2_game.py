# %% [markdown]
# # Part 2: The caption game
#
# Turn the question round. Here are 500 pictures, and one of them is yours. You may say one sentence; CLIP points
# at the picture that fits it best. Make it point at yours.
#
# ## 2.1 One try
#
# **Why.** Whoever plays with prompts remembers the ones that worked. So before you play, write the function that
# records every try in the same way, the failures too.
#
# **The idea.** One caption, 500 pictures: now the softmax goes **over the pictures**, with the model's scale as before.
# The *rank* of a picture is 1 if no other picture fits the caption better, 2 if one does, and so on. It tells you how
# close a failed try came.
#
# **By hand.** Four pictures, numbered from 0, with probabilities $(0.1, 0.2, 0.4, 0.3)$ for some caption: it picks
# picture 2, and target 1 has rank 3.
#
# **A trap.** The probability that belongs into the record is that of the picture that was *picked*, not that of
# the one you were hoping for.
#
# **Your task** (s001-4.2, one try). Use `clip`, `gallery_emb` and your own functions.


# %% answer="s001-4.2-try"
def try_caption(caption: str, target: int) -> dict:
    """What `caption` does in the gallery, as a dict with the keys

    caption: the text, as it was given; picked: the number of the picture with the highest probability;
    prob: the probability of that picture among all 500; rank: the rank of picture `target`, 1 for the best.
    """
    ### BEGIN SOLUTION
    probabilities = clip_probs(clip.embed_texts([caption]), gallery_emb, clip.logit_scale)[0]
    picked = int(probabilities.argmax())
    return {
        "caption": caption,
        "picked": picked,
        "prob": float(probabilities[picked]),
        "rank": 1 + int((probabilities > probabilities[target]).sum()),
    }
    ### END SOLUTION


# %% tests="s001-4.2-try"
def public_tests_try():
    record = try_caption("two small red rings", 7)
    assert set(record) >= {"caption", "picked", "prob", "rank"}, "a dict with the keys caption, picked, prob and rank"
    assert record["caption"] == "two small red rings", "the caption is recorded as it was given"
    assert 0 <= int(record["picked"]) < len(world), "picked is the number of a picture of the gallery"
    assert world.captions[int(record["picked"])] == "two small red rings", (
        "this caption picks a picture of its own kind: yours picks " + world.captions[int(record["picked"])]
    )
    assert 1 / len(world) < float(record["prob"]) < 1, "prob is the highest of 500 probabilities that sum to 1"
    again = try_caption("two small red rings", int(record["picked"]))
    assert int(again["rank"]) == 1, "the picture that was picked has rank 1"
    assert again is not record, "a new dict for every try: the log keeps them all"
    print("public tests of 2.1 passed")


public_tests_try()

# %% [markdown]
# ## 2.2 Find your picture
#
# **Your picture.** Your name decides which one is yours; write it down as you hand in. (Case and spaces do not
# matter. There are five targets, so somebody else has the same one, and may have found other words.)

# %% solution="your-name"
# Replace None by your name in quotes, and delete the `raise` below.
my_name = None
### BEGIN SOLUTION
my_name = "Ada Lovelace"
### END SOLUTION
my_target = shapes.target_for(my_name)

# %% figure="picture-target"
pictures.when_ready("your name", lambda: clip_pictures.gallery(world, target=my_target))

# %% [markdown]
# **The rules of the game.** The plain caption of your picture would find it. That would be too easy, so it is
# *taboo*: **your caption must do without at least one of the four words of the plain caption.** Upper case,
# punctuation, another order of the words or words around them do not help: a caption that holds all four words,
# anywhere, is out (`shapes.is_taboo(caption, scene)` tells). Saying `ring` where the plain caption has `rings` is
# allowed; they are two words to CLIP. So is a word that it does not know, which it reads as `<unknown>`, as long as
# the caption also holds one that it knows. A caption that is too long is cut off, and then it is not the caption you
# wrote: at most 14 words.
#
# **The idea.** The model has heard other words than the plain ones too, though less often: the table below shows which.
# For the rest: guess, look at what was picked instead, and change one thing at a time. Leave a word out, put it
# elsewhere, use another number of the noun. What you find will often not be what you expect. That is the point.

# %% locked="words"
for word, others in shapes.SYNONYMS.items():
    print(f"{word:>10}   {', '.join(others)}")
print("   and:   ", ", ".join(shapes.FILLERS))

# %% [markdown]
# Play here. What you do in this cell is not graded.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "playground", "locked": false, "schema_version": 3, "solution": false, "task": false}
def play(caption):
    record = try_caption(caption, my_target)
    unknown = clip.unknown_words(caption)
    print(record, f"unknown words: {', '.join(unknown)}" if unknown else "")
    return clip_pictures.gallery(world, my_target, int(record["picked"]), caption)


pictures.when_ready("try_caption", lambda: play("two goldfish"))

# %% [markdown]
# **Your task** (s001-4.2). Hand in a caption that picks your picture, and the record of the search: **at least
# three different captions**, the winner among them, and **at least one that failed**. If your first ideas all won, go
# on, for near misses are what Part 4 lives on; or, if really none failed, say so: `none_failed = True`. Two tries that
# differ in capitals or punctuation only count as one, and more than 1000 tries are no record that anybody reads. We
# compute everything again from the captions alone, so `log` must say what your captions really do (probabilities to
# two digits).

# %% answer="s001-4.2"
# Replace each None, and delete the `raise` below.
tries = None  # at least three captions, in the order in which you tried them
winning_caption = None  # the one that picks your picture
none_failed = False  # True if each of your tries picked your picture
### BEGIN SOLUTION
tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
### END SOLUTION
log = [try_caption(caption, my_target) for caption in tries]

# %% tests="s001-4.2"
def public_tests_game():
    scene = world.scenes[my_target]
    assert my_target == shapes.target_for(my_name), "my_target is the picture that belongs to my_name"
    assert isinstance(winning_caption, str) and winning_caption.strip(), "winning_caption is a text"
    assert not shapes.is_taboo(winning_caption, scene), (
        f"taboo: {winning_caption!r} holds all of {', '.join(scene.words)}; do without at least one of them"
    )
    assert len({" ".join(shapes.words_of(entry["caption"])) for entry in log}) >= 3, "at least three different captions"
    assert winning_caption in [entry["caption"] for entry in log], "the winner belongs into the log too"
    failed = any(int(entry["picked"]) != my_target for entry in log)
    assert failed or none_failed, "a search shows its failures: at least one try that failed, or none_failed = True"
    assert not (failed and none_failed), "a try in the log failed, yet none_failed says that none did"
    won = try_caption(winning_caption, my_target)
    assert int(won["picked"]) == my_target, (
        f"winning_caption picks your picture: it picks {won['picked']}, {world.captions[int(won['picked'])]}; "
        f"yours is at rank {won['rank']}"
    )
    print("public tests of 2.2 passed")


public_tests_game()

# %% figure="picture-search"
pictures.when_ready("log", lambda: clip_pictures.search(log, my_target, world))

# %% figure="picture-won"
pictures.when_ready("winning_caption", lambda: play(winning_caption))
