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
# - average prompts, and tell from numbers when that helps and when it does not;
# - tell a wrong answer from a tie, and measure whether a model hears what stands where in a caption.
#
# | part | what you do | time |
# |---|---|---|
# | 1. Reading CLIP | similarities, probabilities, zero-shot classification | about 35 minutes |
# | 2. The caption game | find one picture among 500 with words, without its own caption | about 40 minutes |
# | 3. Many prompts instead of one | prompt ensembles | about 25 minutes |
# | 4. How brittle is it? | count how often a small change of words changes the answer, and how often it makes it wrong | about 30 minutes |
# | 5. The same words, another picture | measure what a model makes of order, and of which colour belongs to which shape; search where captions miss for a reason | about 40 minutes |
#
# **The model** is a real CLIP ([Radford et al. 2021](https://arxiv.org/abs/2103.00020)) made small: 128 thousand
# numbers instead of 151 million, trained for a minute on drawings of shapes. It knows nothing else. It is loaded by the same call that loads the
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

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26", transformers="4.50")

# %% locked="setup"
import torch

from seq2kit import numeric, pictures
from seq2kit.clip import models as clip_models, pictures as clip_pictures, shapes

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

# %% figure="picture-world"
clip_pictures.row(world.pictures[:8], world.captions[:8])

# %% [markdown]
# `clip.embed_pictures(pictures)` and `clip.embed_texts(captions)` give vectors, one row each. This is what the
# model sees of a text: one token per word, a start and an end. Case and punctuation do not matter. A word that it
# never met becomes `<unknown>`, and all unknown words look alike to it.

# %% locked="tokens"
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


# %% answer="s001-4.1"
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


# %% tests="s001-4.1"
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
    same = numeric.as_float64(clip_probs(a.clone(), b.clone(), torch.tensor(10.0, dtype=torch.float64)))
    assert numeric.relative_error(same, p) < 1e-6, "logit_scale may be a tensor without axes"
    even = numeric.as_float64(clip_probs(a.clone(), b.clone(), 0.0))
    assert (even - 0.2).abs().max() < 1e-6, "at a scale of 0 the cosines do not count: all five texts alike"
    assert tuple(similarity_matrix(a, b[:1]).shape) == (2, 1), "a single text still has its column"
    assert (numeric.as_float64(clip_probs(a, b[:1], 10.0)) - 1).abs().max() < 1e-6, "a single text has all the probability"
    print("public tests of 1.1 passed")


public_tests_probabilities()

# %% [markdown]
# Look at it. Each line is a picture, each column a caption, and the frame marks the caption that fits best.
# Which wrong captions come close, and why those?

# %% figure="picture-similarity"
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


# %% answer="s001-4.1-zeroshot"
def zero_shot(pictures: shapes.Pixels, captions: list[str]) -> list[int]:
    """For each picture the index, in `captions`, of the caption that fits it best.

    pictures: (n, 32, 32, 3) uint8; captions: t texts; returns n whole numbers from 0 to t - 1.
    """
    ### BEGIN SOLUTION
    probabilities = clip_probs(clip.embed_pictures(pictures), clip.embed_texts(captions), clip.logit_scale)
    return probabilities.argmax(dim=1).tolist()
    ### END SOLUTION


# %% tests="s001-4.1-zeroshot"
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
    assert [int(k) for k in zero_shot(few[:1], list(shapes.COLOURS))] == found[:1], "a single picture has one answer"
    print("public tests of 1.2 passed")


public_tests_zero_shot()

# %% [markdown]
# Judge it: accuracy on fresh pictures, beside what guessing would give. And one picture in detail.

# %% figure="picture-zero-shot"
def measure_zero_shot():
    fresh = shapes.draw_gallery(432, seed=2024)
    found = [shapes.SCENES[int(k)] for k in zero_shot(fresh.pictures, list(shapes.CAPTIONS))]
    right = [a == b for a, b in zip(found, fresh.scenes, strict=True)]
    new = [r for r, scene in zip(right, fresh.scenes, strict=True) if scene in shapes.UNSEEN]
    shown = {"fresh pictures": sum(right) / len(right), "kinds never trained on": sum(new) / len(new), "guessing": 1 / 144}
    return clip_pictures.shares(shown, "share of pictures that find their own caption among 144")


pictures.when_ready("zero_shot", measure_zero_shot)

# %% figure="picture-bars"
def draw_bars(place=some[1]):
    p = clip_probs(gallery_emb[[place]], clip.embed_texts(shapes.CAPTIONS), clip.logit_scale)[0]
    return clip_pictures.class_bars(world.pictures[place], shapes.CAPTIONS, p)


pictures.when_ready("clip_probs", draw_bars)
