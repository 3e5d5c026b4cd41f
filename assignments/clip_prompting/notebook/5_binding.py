# %% [markdown]
# # Part 5: The same words, another picture
#
# ## 5.1 Order and binding
#
# **Why.** A caption of our gallery says nothing about place, so half of Part 4 was ties. Here is a world in which words
# can say where things are: two shapes side by side. `a red square left of a blue ring`,
# `a blue ring left of a red square`, `a blue square left of a red ring`: the same words, three pictures. To tell them
# apart, a model has to hear what stands where (*order*), and which colour belongs to which shape (*binding*). A model
# that only collects words, in a bag as it were, cannot. CLIP is trained to find the caption of a picture among those of
# other pictures, and these hardly ever have the same words: a bag of words is often enough.
# [Thrush et al. 2022](https://arxiv.org/abs/2204.03162) built a test of such pairs of captions, *Winoground*; none of
# the large models that they tried did much better than guessing.
# [Yuksekgonul et al. 2023](https://arxiv.org/abs/2210.01936) found that such models hardly mind the order of the words,
# and that the task they are trained on can be solved well without it.
#
# **The idea.** Take two pictures with two captions that differ in one respect only, and look at all four similarities
# $s_{ij}$, picture $i$ with caption $j$; picture $i$ belongs to caption $i$. Winoground has three scores, each a share of
# such quadruples:
#
# - *text*: each picture prefers its own caption, $s_{00} > s_{01}$ and $s_{11} > s_{10}$;
# - *image*: each caption prefers its own picture, $s_{00} > s_{10}$ and $s_{11} > s_{01}$;
# - *group*: both.
#
# **By hand.** $s = \begin{pmatrix} 0.9 & 0.8 \\ 0.7 & 0.75 \end{pmatrix}$: $0.9 > 0.8$ and $0.75 > 0.7$, so *text* is
# right. $0.9 > 0.7$, but $0.75 < 0.8$: the second caption prefers the first picture, so *image* is wrong, and *group* with it.
#
# **Traps.** Whoever guesses gets 1/4, 1/4 and 1/6, not 1/2: four numbers in random order. And a tie is not a preference;
# a bag of words gives nothing but ties between captions.
#
# **Your task** (s001-4.2, binding). The three scores, and a table of them for three contrasts on fresh pictures of
# pairs. In *another word* the captions differ by one colour: the control, for which a bag of words is enough.
# `pairs.contrasts()` holds 180 quadruples for each contrast, as two places in `pair_emb` and `pair_text_emb`. Two digits
# are enough. `pair_clip` is a second small CLIP, with four more words (left, right, to, and). It was trained on pairs and
# scenes as CLIP is: each picture against whatever captions happen to be in the batch.

# %% locked="contrasts"
from seq2kit.clip import pairs

pair_clip = clip_models.load(clip_models.PAIRS)
beside = pairs.draw_pairs(seed=2025)  # a fresh picture of each of the 360 kinds of pair
pair_emb, pair_text_emb = pair_clip.embed_pictures(beside.pictures), pair_clip.embed_texts(beside.captions)  # (360, d)
for contrast, places in pairs.contrasts().items():
    one, other = places[0]
    print(f"{contrast:>12}   {beside.captions[one]}   |   {beside.captions[other]}")

# %% [markdown]
# Four of the 360, and the four captions of their words. Guess what the table below shows before you look at it.

# %% figure="picture-quartet"
def draw_quartet():
    four = [pairs.PAIRS.index(pair) for pair in pairs.QUARTETS[8]]
    captions = [beside.captions[k] for k in four]
    return clip_pictures.similarity(similarity_matrix(pair_emb[four], pair_text_emb[four]), beside.pictures[four], captions)


pictures.when_ready("similarity_matrix", draw_quartet)


# %% answer="s001-4.2-binding"
def winoground_scores(similarity: torch.Tensor) -> dict:
    """The keys text, image and group, each with a share of the n quadruples: (n, 2, 2) -> three numbers.

    similarity[k, i, j]: picture i with caption j of quadruple k; picture i belongs to caption i.
    """
    ### BEGIN SOLUTION
    own, other = similarity.diagonal(dim1=1, dim2=2), similarity.flip(2).diagonal(dim1=1, dim2=2)
    text = (own > other).all(dim=1)
    image = (own > other.flip(1)).all(dim=1)
    found = {"text": text, "image": image, "group": text & image}
    return {name: float(right.double().mean()) for name, right in found.items()}
    ### END SOLUTION


# Replace None, and delete the `raise` below.
binding = None  # a dict: each of pairs.CONTRASTS -> what winoground_scores gives for it
### BEGIN SOLUTION
binding = {}
for contrast, places in pairs.contrasts().items():
    tables = [similarity_matrix(pair_emb[list(two)], pair_text_emb[list(two)]) for two in places]
    binding[contrast] = winoground_scores(torch.stack(tables))
### END SOLUTION

# %% tests="s001-4.2-binding"
def public_tests_binding():
    by_hand = winoground_scores(torch.tensor([[[0.9, 0.8], [0.7, 0.75]]]))
    assert set(by_hand) == {"text", "image", "group"}, "a dict with the keys text, image and group"
    assert [float(by_hand[name]) for name in ("text", "image", "group")] == [1, 0, 0], "the example by hand: 1, 0, 0"
    two = winoground_scores(torch.tensor([[[0.9, 0.1], [0.2, 0.8]], [[0.1, 0.9], [0.8, 0.2]]]))
    assert [float(two[name]) for name in ("text", "image", "group")] == [0.5, 0.5, 0.5], "one of two is right in all respects"
    ties = winoground_scores(torch.full((3, 2, 2), 0.4))
    assert float(ties["text"]) == 0, "a tie is not a preference"
    assert set(binding) == set(pairs.CONTRASTS), "binding has one entry per contrast"
    for scores in binding.values():
        assert 0 <= float(scores["group"]) <= min(float(scores["text"]), float(scores["image"])) + 0.01, (
            "group is right only where both others are"
        )
    print("public tests of 5.1 passed")


public_tests_binding()

# %% figure="picture-binding"
def draw_binding():
    return clip_pictures.scores(binding, {"text": 1 / 4, "image": 1 / 4, "group": 1 / 6})


pictures.when_ready("binding", draw_binding)

# %% [markdown]
# **How to read it.** With another word this model is right in all 180 quadruples. In order and binding it is *below* guessing:
# on eight sets of fresh pictures its group score was between 0.00 and 0.03, where guessing gives 0.17. Guessing means four
# similarities in random order. Here the two captions have almost the same embedding, so both prefer the same picture, and at
# most one of them can be right. It hears the words, and hardly what stands where. That is what a batch of random captions asks
# of a model, and it does not show in an accuracy over captions that differ in their words.
