# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Talking to CLIP
#
# CLIP was shown pictures together with their captions, and learned one thing: to put a picture and a text that
# belong together at the same place. Nobody told it any classes. Yet it sorts pictures into classes that you make
# up on the spot, because a class is just another caption. And because *you* write the captions, what CLIP
# answers depends on your words, sometimes absurdly so. This notebook is about both: how the answer is computed,
# and how much it hangs on a word.
#
# **What you will be able to do**
#
# - turn two sets of embeddings into similarities and probabilities, and say what the probabilities are *over*;
# - classify pictures that no one prepared classes for, and measure how well;
# - search for a caption, and keep an honest record of the search;
# - average prompts, and tell from numbers when that helps and when it does not.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Reading CLIP | similarities, probabilities, zero-shot classification | about 35 minutes |
# | 2. The caption game | find one picture among 500 with words, without its own caption | about 40 minutes |
# | 3. Many prompts instead of one | prompt ensembles | about 25 minutes |
# | 4. How brittle is it? | count how often a small change of words changes the answer | about 20 minutes |
#
# **The model** is a real CLIP (Radford et al., 2021) made small: 128 thousand numbers instead of 151 million,
# trained for a minute on drawings of shapes. It knows nothing else. It is loaded by the same call that loads the
# full-size model; the last section says how to switch. Everything here runs in seconds, so there is no fast
# profile, and nothing is trained.
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*. Run
# them as often as you like: they check shapes, properties and small cases, and their messages are meant to help.
# After you hand in, *hidden checks* call your functions with other numbers, other captions and freshly drawn
# pictures. They look at the state of the notebook after **all** cells have run from top to bottom, so before you
# hand in choose *Restart kernel and run all cells*. Captions are judged by the grader's own copy of the model:
# what counts is what your words do, not what your notebook says they did. Points are counted per property.
#
# Three rules hold throughout. Return what the docstring asks for, in the shape it gives. Keep the dtype: float32
# in, float32 out; float64 in, float64 out. Leave the arguments as they are.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch

from seq2kit import clip_models, clip_pictures, numeric, pictures, shapes

clip = clip_models.load()
world = shapes.gallery()  # 500 pictures
gallery_emb = clip_models.embed_gallery(clip)  # (500, d), as they leave the model

print(f"{len(world)} pictures, embedded as {tuple(gallery_emb.shape)}; logit scale {clip.logit_scale:.2f}")

# %% [markdown]
# # Part 1: Reading CLIP
#
# ## The world
#
# Every picture shows one to three equal shapes. Count (3) × size (2) × colour (6) × shape (4) makes 144 kinds of
# picture, and each kind has a plain caption. Where the shapes lie, how they are turned, and the exact shade are
# drawn anew for each picture. 13 of the 144 kinds were kept away from the model while it was trained.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-world", "locked": true, "schema_version": 3, "solution": false, "task": false}
clip_pictures.row(world.pictures[:8], world.captions[:8])

# %% [markdown]
# `clip.embed_pictures(pictures)` and `clip.embed_texts(captions)` give vectors, one row each. This is what the
# model sees of a text: one token per word, a start and an end. Case and punctuation do not matter. A word that it
# never met becomes `<unknown>`, and all unknown words look alike to it.

# %% nbgrader={"grade": false, "grade_id": "tokens", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(clip.tokens("Two small, RED rings!"))
print(clip.tokens("two red goldfish"), "unknown:", clip.unknown_words("two red goldfish"))
print("a caption may have up to", clip.longest - 2, "words; the rest is cut off")

# %% [markdown]
# ## 1.1 Similarity and probability
#
# **Why.** All that CLIP ever says about a picture and a text is one number: the cosine of the angle between their
# embeddings. Everything else in this notebook is made from a table of such numbers.
#
# **The idea.** A vector has a direction and a length. The model was trained so that the *direction* carries the
# meaning; the length is a by-product and differs from picture to picture. So divide it away, on both sides, and
# take inner products. To get probabilities for a picture, multiply its similarities by the *logit scale* $s$ and
# apply a softmax **over the texts**: among these captions, which one belongs to this picture?
#
# $$c_{ij} = \frac{a_i \cdot b_j}{\lVert a_i\rVert\,\lVert b_j\rVert}, \qquad
#   p_{ij} = \frac{e^{s\,c_{ij}}}{\sum_{j'} e^{s\,c_{ij'}}}$$
#
# **By hand.** A picture at $(3, 4)$, texts at $(1, 0)$ and $(0, 10)$. The cosines are $0.6$ and $0.8$. With
# $s = 10$ the second text gets $e^8/(e^6 + e^8) \approx 0.88$. And without the division? $3$ against $40$: the
# second text wins by its length alone, and it would win for almost any picture.
#
# **Traps.** The model stores the *logarithm* of the scale. `logit_scale` here is the multiplier itself, already
# exponentiated; `clip.logit_scale` is that too. It may be large: nothing may overflow at $s = 10^4$. It may be 0,
# and then all texts are equally likely. And there are in general not as many pictures as texts, so ask which axis
# you sum over.
#
# **Your task** (s001-4.1). Both functions, for embeddings of any length, for any number of pictures and texts,
# one included: the table keeps both its axes.


# %% nbgrader={"grade": false, "grade_id": "s001-4_1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def similarity_matrix(image_emb: torch.Tensor, text_emb: torch.Tensor) -> torch.Tensor:
    """Cosine of each picture with each text: (m, d), (t, d) -> (m, t)."""
    ### BEGIN SOLUTION
    images = image_emb / image_emb.norm(dim=-1, keepdim=True)
    texts = text_emb / text_emb.norm(dim=-1, keepdim=True)
    return images @ texts.T
    ### END SOLUTION


def clip_probs(image_emb: torch.Tensor, text_emb: torch.Tensor, logit_scale: float) -> torch.Tensor:
    """For each picture, a probability for each text: (m, d), (t, d), a number -> (m, t).

    logit_scale: what the cosines are multiplied by (a number, or a tensor without axes).
    """
    ### BEGIN SOLUTION
    return torch.softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-4_1", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
def public_tests_probabilities():
    random = torch.Generator().manual_seed(1)
    a, b = (torch.randn(n, 4, generator=random, dtype=torch.float64) for n in (2, 5))
    c = numeric.as_float64(similarity_matrix(a.clone(), b.clone()))
    assert c.shape == (2, 5), f"one line per picture, one column per text: expected (2, 5), got {tuple(c.shape)}"
    assert c.abs().max() <= 1 + 1e-9, "a cosine lies between -1 and 1: did you divide by both lengths?"
    longer = numeric.as_float64(similarity_matrix(a * 7, b * 0.1))
    assert numeric.relative_error(longer, c) < 1e-9, "a cosine does not change when vectors get longer or shorter"
    p = numeric.as_float64(clip_probs(a.clone(), b.clone(), 10.0))
    assert p.shape == (2, 5), f"one line per picture, one column per text: expected (2, 5), got {tuple(p.shape)}"
    assert (p.sum(1) - 1).abs().max() < 1e-9, "the probabilities of one picture must sum to 1 over the texts"
    by_hand = numeric.as_float64(clip_probs(torch.tensor([[3.0, 4.0]]), torch.tensor([[1.0, 0.0], [0.0, 10.0]]), 10.0))
    assert abs(float(by_hand[0, 1]) - 0.88) < 0.01, "the example by hand should give 0.88 for the second text"
    assert numeric.as_float64(clip_probs(a, b, 1e4)).isfinite().all(), "a large scale overflows somewhere on the way"
    print("public tests of 1.1 passed")


public_tests_probabilities()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("clip_prompting", "s001-4.1", globals(), checks=[
    "similarity_is_the_cosine",
    "lengths_do_not_matter",
    "probabilities_match_the_model",
    "probabilities_sum_to_one_over_texts",
    "the_scale_is_a_multiplier",
    "a_large_scale_stays_finite",
    "each_picture_stands_alone",
    "probabilities_keep_precision_and_inputs",
])
### END HIDDEN TESTS

# %% [markdown]
# Look at it. Each line is a picture, each column a caption, and the frame marks the caption that fits best.
# Which wrong captions come close, and why those?

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-similarity", "locked": true, "schema_version": 3, "solution": false, "task": false}
some = [world.captions.index(c) for c in ("two large red rings", "three large red rings", "two small red rings",
                                          "two large orange rings", "two large red squares", "one small blue cross")]


def draw_similarity():
    captions = [world.captions[k] for k in some]
    matrix = similarity_matrix(gallery_emb[some], clip.embed_texts(captions))
    return clip_pictures.similarity(matrix, world.pictures[some], captions)


pictures.when_ready("similarity_matrix", draw_similarity)

# %% [markdown]
# ## 1.2 Zero-shot classification
#
# **Why.** A classifier that was trained on 144 classes knows these 144 and no others. CLIP gets its classes as
# text, at the time of asking. That is what *zero-shot* means: no training on these classes, not that the model
# never saw such pictures.
#
# **The idea.** Embed the pictures, embed one caption per class, and choose for each picture the caption with the
# highest probability.
#
# **A trap.** The answer is a place in *the list that was handed over*. The next list has other captions, in
# another order. Another one: two tables of the same numbers, one per picture and one per caption, look alike
# when there are as many captions as pictures.
#
# **Your task** (s001-4.1, zero-shot). `pictures` come as an array of bytes, as in `world.pictures`. Use `clip`,
# your own functions, and the captions as they come: sentences or single words, many or two. We will ask about
# pictures that did not exist before, among them kinds that the model was never trained on.


# %% nbgrader={"grade": false, "grade_id": "s001-4_1-zeroshot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def zero_shot(pictures, captions: list[str]) -> list[int]:
    """For each picture the index, in `captions`, of the caption that fits it best.

    pictures: (n, 32, 32, 3) uint8; captions: t texts; returns n whole numbers from 0 to t - 1.
    """
    ### BEGIN SOLUTION
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return probabilities.argmax(dim=1).tolist()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-4_1-zeroshot", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
def public_tests_zero_shot():
    few = world.pictures[:6]
    found = [int(k) for k in zero_shot(few, list(shapes.COLOURS))]
    assert len(found) == 6, f"one answer per picture: expected 6, got {len(found)}"
    assert all(0 <= k < len(shapes.COLOURS) for k in found), "each answer is a place in the list of captions"
    right = sum(shapes.COLOURS[k] == scene.colour for k, scene in zip(found, world.scenes[:6], strict=True))
    assert right >= 5, f"CLIP knows its colours, yet only {right} of 6 pictures got theirs"
    turned = list(reversed(shapes.COLOURS))
    again = [turned[int(k)] for k in zero_shot(few, turned)]
    assert again == [shapes.COLOURS[k] for k in found], "the same captions in another order: the same captions win"
    print("public tests of 1.2 passed")


public_tests_zero_shot()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("clip_prompting", "s001-4.1-zeroshot", globals(), checks=[
    "fresh_pictures_find_their_caption",
    "kinds_never_trained_on_find_their_caption",
    "answers_count_in_the_list_given",
    "single_words_serve_as_classes",
    "the_most_similar_caption_is_chosen",
    "a_picture_does_not_care_for_its_neighbours",
])
### END HIDDEN TESTS

# %% [markdown]
# Judge it: accuracy on fresh pictures, beside what guessing would give. And one picture in detail.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-zero-shot", "locked": true, "schema_version": 3, "solution": false, "task": false}
def measure_zero_shot():
    fresh = shapes.draw_gallery(432, seed=2024)
    found = [shapes.SCENES[int(k)] for k in zero_shot(fresh.pictures, list(shapes.CAPTIONS))]
    right = [a == b for a, b in zip(found, fresh.scenes, strict=True)]
    new = [r for r, scene in zip(right, fresh.scenes, strict=True) if scene in shapes.UNSEEN]
    shown = {"fresh pictures": sum(right) / len(right), "kinds never trained on": sum(new) / len(new), "guessing": 1 / 144}
    return clip_pictures.shares(shown, "share of pictures that find their own caption among 144")


pictures.when_ready("zero_shot", measure_zero_shot)

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-bars", "locked": true, "schema_version": 3, "solution": false, "task": false}
def draw_bars(place=some[1]):
    p = clip_probs(gallery_emb[[place]], clip.embed_texts(shapes.CAPTIONS), clip.logit_scale)[0]
    return clip_pictures.class_bars(world.pictures[place], shapes.CAPTIONS, p)


pictures.when_ready("clip_probs", draw_bars)

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


# %% nbgrader={"grade": false, "grade_id": "s001-4_2-try", "locked": false, "schema_version": 3, "solution": true, "task": false}
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


# %% nbgrader={"grade": true, "grade_id": "test-s001-4_2-try", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
def public_tests_try():
    record = try_caption("two small red rings", 7)
    assert set(record) >= {"caption", "picked", "prob", "rank"}, "a dict with the keys caption, picked, prob and rank"
    assert record["caption"] == "two small red rings", "the caption is recorded as it was given"
    assert 0 <= int(record["picked"]) < len(world), "picked is the number of a picture of the gallery"
    assert world.captions[int(record["picked"])] == "two small red rings", (
        "this caption picks a picture of its own kind; yours picks " + world.captions[int(record["picked"])]
    )
    assert 1 / len(world) < float(record["prob"]) < 1, "prob is the highest of 500 probabilities that sum to 1"
    again = try_caption("two small red rings", int(record["picked"]))
    assert int(again["rank"]) == 1, "the picture that was picked has rank 1"
    assert again is not record, "a new dict for every try: the log keeps them all"
    print("public tests of 2.1 passed")


public_tests_try()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("clip_prompting", "s001-4.2-try", globals(), checks=[
    "the_picture_that_fits_best_is_picked",
    "the_probability_is_one_among_all_pictures",
    "the_rank_counts_the_pictures_before_it",
    "a_try_is_recorded_as_it_was_made",
    "tries_do_not_influence_each_other",
])
### END HIDDEN TESTS

# %% [markdown]
# ## 2.2 Find your picture
#
# **Your picture.** Your name decides which one is yours; write it down as you hand in. (Case and spaces do not
# matter. There are five targets, so somebody else has the same one, and may have found other words.)

# %% nbgrader={"grade": false, "grade_id": "your-name", "locked": false, "schema_version": 3, "solution": true, "task": false}
# Replace None by your name in quotes, and delete the `raise` below.
my_name = None
### BEGIN SOLUTION
my_name = "Ada Lovelace"
### END SOLUTION
my_target = shapes.target_for(my_name)

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-target", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": false, "grade_id": "words", "locked": true, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": false, "grade_id": "s001-4_2", "locked": false, "schema_version": 3, "solution": true, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "test-s001-4_2", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
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
        f"{winning_caption!r} picks picture {won['picked']}, {world.captions[int(won['picked'])]}; "
        f"your picture is at rank {won['rank']}"
    )
    print("public tests of 2.2 passed")


public_tests_game()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("clip_prompting", "s001-4.2", globals(), checks=[
    "the_target_belongs_to_the_name",
    "the_caption_wins_the_gallery",
    "the_caption_is_not_taboo",
    "the_log_shows_a_search",
    "the_log_tells_which_pictures_were_picked",
    "the_log_tells_how_likely_they_were",
    "the_log_tells_how_close_each_try_came",
])
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-search", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready("log", lambda: clip_pictures.search(log, my_target, world))

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-won", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready("winning_caption", lambda: play(winning_caption))

# %% [markdown]
# # Part 3: Many prompts instead of one
#
# ## Prompt ensembles
#
# **Why.** A single prompt carries accidents: the number of the noun, the words around it. Say the same class in
# several ways and average, and what the prompts have in common stays, while the accidents partly cancel.
#
# **The idea.** Average *embeddings*, not captions and not probabilities: then a class is still one vector, and
# classifying costs no more than before. Every prompt should have the same say, so bring each embedding to length
# 1 **before** you average. The average is shorter than 1, so bring it to length 1 again.
#
# **By hand.** Prompts at $(8, 0)$ and $(0, 0.5)$. Each at length 1: $(1, 0)$ and $(0, 1)$; their mean is
# $(0.5, 0.5)$; the ensemble is $(0.707, 0.707)$. Whoever averages first gets $(4, 0.25)$, which is almost the
# first prompt alone.
#
# **A trap.** More is not always better. CLIP was trained on captions of whole pictures; a prompt that fixes the
# colour and the size as well says a lot that is *not* the class.
#
# **Your task** (s001-4.2, ensembles). `ensemble_embedding`, and prompts for the four shapes. Which *shape* a
# picture shows, whatever its count, size and colour, is the hardest question for this model if you ask with
# the bare word: it is right for about 79 of 100 pictures. `shape_prompts("ring")` returns your prompts for
# `ring`, and likewise for the others: at least two, at most 500, that differ in more than capitals and punctuation.
# On pictures that we draw, your ensembles must find clearly more shapes than the bare words do, about 5 more of
# 100; the figure below measures that, so aim a little higher. At least one prompt for a shape must name it, and none
# may name another shape; a synonym from the table above is a name too.


# %% nbgrader={"grade": false, "grade_id": "s001-4_2-ensemble", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ensemble_embedding(text_emb: torch.Tensor) -> torch.Tensor:
    """One vector of length 1 for several prompts, each with the same say: (k, d) -> (d,), k >= 1."""
    ### BEGIN SOLUTION
    directions = text_emb / text_emb.norm(dim=-1, keepdim=True)
    mean = directions.mean(dim=0)
    return mean / mean.norm()
    ### END SOLUTION


def shape_prompts(shape: str) -> list[str]:
    """At least two different prompts for pictures that show `shape` (one of shapes.SHAPES), in any number."""
    ### BEGIN SOLUTION
    many = shapes.plural(shape, 2)
    return [f"{colour} {noun}" for colour in shapes.COLOURS for noun in (shape, many)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-s001-4_2-ensemble", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def public_tests_ensemble():
    by_hand = numeric.as_float64(ensemble_embedding(torch.tensor([[8.0, 0.0], [0.0, 0.5]])))
    assert by_hand.shape == (2,), f"one vector for all prompts: expected shape (2,), got {tuple(by_hand.shape)}"
    assert abs(float(by_hand.norm()) - 1) < 1e-5, "the ensemble has length 1"
    assert abs(float(by_hand[0] - by_hand[1])) < 1e-5, "each prompt has the same say, however long its embedding is"
    single = numeric.as_float64(ensemble_embedding(torch.tensor([[3.0, 0.0, 4.0]])))
    assert numeric.relative_error(single, [0.6, 0.0, 0.8]) < 1e-5, "an ensemble of one prompt is that prompt, at length 1"
    for shape in shapes.SHAPES:
        prompts = shape_prompts(shape)
        assert isinstance(prompts, (list, tuple)) and all(isinstance(p, str) for p in prompts), "a list of texts"
        assert len(set(prompts)) >= 2, f"at least two different prompts for {shape}"
    print("public tests of Part 3 passed")


public_tests_ensemble()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("clip_prompting", "s001-4.2-ensemble", globals(), checks=[
    "the_ensemble_is_the_mean_direction",
    "every_prompt_has_the_same_say",
    "the_ensemble_has_length_one",
    "the_ensemble_of_one_and_of_any_order",
    "the_ensemble_keeps_precision_and_inputs",
    "prompts_beat_the_bare_word",
    "prompts_name_one_shape_only",
])
### END HIDDEN TESTS

# %% [markdown]
# Your ensemble, its members one by one, and the bare word, on the same fresh pictures. An ensemble is usually
# better than its *average* member. Is yours better than its *best* member? And what happens when you ask with
# all 36 full captions per shape, from `one small red ring` to `three large orange rings`? The dashed line is
# guessing.

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-ensemble", "locked": true, "schema_version": 3, "solution": false, "task": false}
def measure_ensembles():
    fresh = shapes.draw_gallery(2304, seed=77)
    emb, truth = clip.embed_pictures(fresh.pictures), torch.tensor([shapes.SHAPES.index(s.shape) for s in fresh.scenes])

    def accuracy(prompts_of):
        classes = torch.stack([ensemble_embedding(clip.embed_texts(prompts_of(shape))) for shape in shapes.SHAPES])
        return float((similarity_matrix(emb, classes).argmax(1) == truth).double().mean())

    members = [accuracy(lambda shape: [shape_prompts(shape)[k]]) for k in range(min(len(shape_prompts(s)) for s in shapes.SHAPES))]
    shown = {
        "the bare word": accuracy(lambda shape: [shape]),
        "your ensemble": accuracy(shape_prompts),
        "its average member": sum(members) / len(members),
        "its best member": max(members),
        "all full captions": accuracy(lambda shape: [s.caption for s in shapes.SCENES if s.shape == shape]),
    }
    return clip_pictures.shares(shown, "share of pictures whose shape is found", mark=0.25)


pictures.when_ready("ensemble_embedding", measure_ensembles)

# %% [markdown]
# # Part 4: How brittle is it?
#
# ## Counting flips
#
# **Why.** Somebody reports that "two nemo" found a picture of clown fish and "two nemos" did not: a nice story, and one
# case. A story is not a measurement. Is it this word? Is it the plural? Does it happen with every change?
#
# **The idea.** Take many captions. Change each in one small way, and count how often another picture is picked.
# `shapes.near_paraphrases(scene)` gives the changes in six kinds:

# %% nbgrader={"grade": false, "grade_id": "paraphrases", "locked": true, "schema_version": 3, "solution": false, "task": false}
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
# **Your task** (s001-4.2, brittleness). The function; the table `flips`, which gives for each of the six kinds
# the mean of `flip_rate` over the plain captions of the 29 scenes in `shapes.PROBES`; and four claims, read off
# your own table. Two digits are enough in the table. *Same meaning* is about common synonym, rare synonym, other
# order and opening; *the other number* means the noun's.


# %% nbgrader={"grade": false, "grade_id": "s001-4_2-brittle", "locked": false, "schema_version": 3, "solution": true, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "test-s001-4_2-brittle", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
def public_tests_flips():
    same = ["two small red rings", "Two small red rings!"]
    assert float(flip_rate("two small red rings", same)) == 0, "nothing changed, so nothing flips"
    other = ["one large blue cross", "two small red rings", "three large green squares", "one small yellow ring"]
    assert abs(float(flip_rate("two small red rings", other)) - 0.75) < 1e-9, "three of these four pick another picture"
    assert set(flips) == set(shapes.KINDS_OF_CHANGE), "flips has one entry per kind of change"
    assert all(0 <= float(rate) <= 1 for rate in flips.values()), "each entry is a share, from 0 to 1"
    for name, claim in claims.items():
        assert claim is not None, f"replace None in the claim {name!r}"
    print("public tests of Part 4 passed")


public_tests_flips()
### BEGIN HIDDEN TESTS
from autograder.judge.here import check_here

check_here("clip_prompting", "s001-4.2-brittle", globals(), checks=[
    "flips_are_counted_against_the_original",
    "flips_in_plain_cases",
    "the_table_is_what_the_model_does",
    "most_and_least_follow_from_the_table",
    "same_meaning_follows_from_the_table",
    "other_number_follows_from_the_table",
])
### END HIDDEN TESTS

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "picture-flips", "locked": true, "schema_version": 3, "solution": false, "task": false}
pictures.when_ready("flips", lambda: clip_pictures.shares(flips, "share of changed captions that pick another picture"))

# %% [markdown]
# **Write it down** (s001-4.2, discussion; read by a person). Half a page. How did you search, and which caption
# won? Show one failed try that surprised you, with its numbers, and say what your table adds to it. Then: the
# gallery holds three or four pictures of every kind, and a caption says nothing about where the shapes lie. What
# *can* a caption of the right kind not do, and what does a flip between two pictures of the same kind mean? What
# may you conclude from one caption that works?

# %% [markdown] nbgrader={"grade": true, "grade_id": "discussion-s001-4_2", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# *Search.* My picture is 31, two large orange squares. I kept the kind and changed one word at a time. "two large
# tangerine tiles" picks it, with probability 0.38; "two large orange boxes" does too.
#
# *A failure that surprised me.* "two big orange squares" means the same, and big is a word the model has often
# heard; yet it picks picture 258, also two large orange squares, and mine is third. In the table a common synonym
# flips about one caption in ten, so this was bad luck with one word. The singular "two large orange square" picks
# 347; the other number flips two captions of three.
#
# *What it means.* Nothing in a caption says where the shapes lie, so among the three or four pictures of the right
# kind the words cannot choose for a reason. Their similarities differ in the third digit, and any change of the
# embedding reorders them: such a flip is a coin toss between equals, not an error about the content. A flip to
# another kind, as when a word is left out, is of another sort.
#
# *What one success shows.* That this caption wins in this gallery with this model. I chose it after seeing the
# results, so it says little about the next picture or the next caption; for that I need many captions and a count.
# ### END SOLUTION

# %% [markdown]
# ## And the real one?
#
# With the internet, set the environment variable `SEQ2KIT_ONLINE=1` before you start Jupyter, or load the model
# by name: `clip_models.load(clip_models.FULL_SIZE)` fetches `openai/clip-vit-base-patch32` (600 MB), and any folder
# in the same format will do. Everything above runs with it unchanged: `clip.embed_pictures` takes pictures of any
# size, and the captions may be about anything. The targets of the game were chosen for the small model, though,
# and the grader asks the small one: hand in what you found with that. Try photos of your own. Does the real model
# count?

# %% tags=["figure"] nbgrader={"grade": false, "grade_id": "the-real-one", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("model in use:", clip.name.replace("\\", "/").split("/")[-1], "with", sum(p.numel() for p in clip.model.parameters()), "parameters")
