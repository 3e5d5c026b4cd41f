# %% a_search_by_program whole=true
"""hundreds of tries from all combinations of words, all of them in the log"""
words = [(w, *shapes.SYNONYMS[w]) for w in world.scenes[my_target].words]
tries = [f"{o} {a} {b} {c} {d}".strip() for o in ("", "a picture of", "there are", "some", "the") for a in words[0] for b in words[1] for c in words[2] for d in words[3]]
log = [try_caption(caption, my_target) for caption in tries]
allowed = [e for e in log if e["picked"] == my_target and not shapes.is_taboo(e["caption"], world.scenes[my_target])]
winning_caption = max(allowed, key=lambda e: e["prob"])["caption"]


# %% a_short_search whole=true
"""three tries, the first of which failed, are a search; the name none_failed is not needed then"""
tries = ["two big orange squares", "two large orange boxes", "two large tangerine tiles"]
winning_caption = "two large tangerine tiles"
log = [try_caption(caption, my_target) for caption in tries]


# %% no_try_failed_and_said_so whole=true
"""whoever met no failure says that instead of inventing one"""
tries = [
    "two large orange boxes",
    "two large tangerine tiles",
    "two large tangerine squares",
]
winning_caption = "two large tangerine tiles"
none_failed = True
log = [try_caption(caption, my_target) for caption in tries]


# %% one_large_purple_cross whole=true apart="s001-4.2-pair"
"""another name, another picture, found with a caption that leaves a word out, and with tries that hold unknown
words"""
my_name = "Alan Turing"
my_target = shapes.target_for(my_name)
tries = [
    "one large cross",
    "one zorp violet cross",
    "one large purple plus",
    "two goldfish",
    "single large x",
    "one large plum cross",
    "one large purple cross",
]
winning_caption = "single large x"
log = [try_caption(caption, my_target) for caption in tries]


# %% one_large_yellow_ring whole=true apart="s001-4.2-pair"
"""another name, another picture, and a log of plain literals with rounded numbers"""
my_name = "Kim"
my_target = shapes.target_for(my_name)
tries = [
    "single large yellow ring",
    "one big yellow ring",
    "one huge yellow ring",
    "one large lemon ring",
    "one large golden ring",
    "one yellow ring",
]
winning_caption = "one large golden ring"
log = [{**entry, "prob": round(entry["prob"], 2)} for entry in (try_caption(caption, my_target) for caption in tries)]


# %% other_winning_words whole=true
"""another winner for the same picture, capitals and punctuation in the log"""
tries = [
    "Two large orange boxes.",
    "two orange squares",
    "two large squares",
    "two large orange square",
    "two large amber squares",
    "two big orange squares",
]
winning_caption = "two large amber squares"
log = [try_caption(caption, my_target) for caption in tries]


# %% taboo_and_empty_tries_in_the_log whole=true
"""taboo, empty and too long captions may stand in the log as tries; a tuple of records"""
tries = [
    "two large orange squares",
    "",
    "two goldfish",
    "orange squares, large, two of them",
    "the the the the the the the the the the the the two large orange squares",
    "two large amber squares",
    "Two large AMBER squares!",
    "couple of large orange things",
]
winning_caption = "Two large AMBER squares!"
log = tuple(try_caption(caption, my_target) for caption in tries)


# %% three_small_red_squares whole=true apart="s001-4.2-pair"
"""another name, another picture"""
my_name = "Grace Hopper"
my_target = shapes.target_for(my_name)
tries = [
    "three red squares",
    "trio small red squares",
    "three small crimson squares",
    "three small red square",
    "three small scarlet squares",
    "three small red boxes",
    "three small red",
]
winning_caption = "three small scarlet squares"
log = [try_caption(caption, my_target) for caption in tries]


# %% two_small_green_triangles whole=true apart="s001-4.2-pair"
"""another name, another picture; the number of the noun alone decides nothing here"""
my_name = "Isaac"
my_target = shapes.target_for(my_name)
tries = [
    "two small green triangle",
    "two green triangles",
    "small green triangles",
    "two small green wedges",
    "two tiny green triangles",
    "pair small green triangles",
]
winning_caption = "pair small green triangles"
log = [try_caption(caption, my_target) for caption in tries]


# %% written_down_by_hand whole=true
"""literals with two digits, as copied from what the playground printed"""
tries = None
winning_caption = "two large orange boxes"
log = [
    {"caption": "two big orange squares", "picked": 258, "prob": 0.32, "rank": 3},
    {"caption": "two large orange square", "picked": 347, "prob": 0.43, "rank": 2},
    {"caption": "two large orange boxes", "picked": 31, "prob": 0.35, "rank": 1},
    {"caption": "two large tangerine tiles", "picked": 31, "prob": 0.38, "rank": 1},
    try_caption("two goldfish", my_target),
    try_caption("orange", my_target),
]
