# %% a_search_by_program whole=true
"""hundreds of sentences from all combinations of words; the first that hits is the winner"""
from collections import Counter


def kind_of_pick(target, picked):
    want, have = beside.pairs[target], beside.pairs[picked]
    turns = [("own", want), ("order", want.turned), ("binding", want.rebound), ("both", want.rebound.turned)]
    return next((name for name, pair in turns if pair == have), "other words")


pick_counts = Counter(map(kind_of_pick, range(360), plain_picks))
own = beside.pairs[pair_target]
left, right = ([f"{c} {s}" for c in (thing[0], *shapes.SYNONYMS[thing[0]]) for s in (thing[1], *shapes.SYNONYMS[thing[1]])] for thing in (own.left, own.right))
pair_tries = [own.caption, *(f"{a} {between} {b}" for a in left for b in right for between in ("left of", "and", "to the left of"))]
pair_log = [try_pair(caption, pair_target) for caption in pair_tries]
pair_winner = next(entry["caption"] for entry in pair_log if entry["rank"] == 1)


# %% by_numbers
"""pictures of the same words follow each other in fours, and the places of two of them tell the kind"""
def kind_of_pick(target, picked):
    if target // 4 != picked // 4:
        return "other words"
    return ("own", "order", "binding", "both")[int(target) % 4 ^ int(picked) % 4]


# %% from_the_captions whole=true
"""words taken from the captions, sides compared one by one; a table of tensors with a key that nobody asked for"""
def kind_of_pick(target, picked):
    _, c1, s1, _, _, _, c2, s2 = beside.captions[target].split()
    _, d1, t1, _, _, _, d2, t2 = beside.captions[picked].split()
    if sorted([c1, s1, c2, s2]) != sorted([d1, t1, d2, t2]):
        return pairs.KINDS_OF_PICK[4]
    return pairs.KINDS_OF_PICK[2 * (s1 == t1 and c1 != d1) + 3 * (c1 == d1 and s1 != t1) + (c1 != d1 and s1 != t1)]


found = [kind_of_pick(k, plain_picks[k]) for k in range(360)]
pick_counts = {kind: torch.tensor(found.count(kind)) for kind in (*pairs.KINDS_OF_PICK, "none")}
pair_winner = "a crimson plus left of a blue loop"
pair_log = [try_pair(text, pair_target) for text in (beside.captions[pair_target], "a red plus left of a blue loop", pair_winner)]


# %% a_bag_of_plain_words whole=true apart="s001-4.2"
"""another name, another picture, no article in the winner; unknown words and an empty try in the log, a tuple"""
my_name = "Zoe"
pair_target = pairs.target_for(my_name)


def kind_of_pick(target: int, picked: int) -> str:
    a, b = beside.pairs[target], beside.pairs[picked]
    if set(a.words) ^ set(b.words):
        return "other words"
    colours, nouns = a.left[0] == b.left[0], a.left[1] == b.left[1]
    return {(True, True): "own", (False, False): "order", (False, True): "binding", (True, False): "both"}[colours, nouns]


counts = {}
for k in range(len(beside)):
    kind = kind_of_pick(k, plain_picks[k])
    counts[kind] = counts.get(kind, 0) + 1
pick_counts = {kind: float(counts.get(kind, 0)) for kind in pairs.KINDS_OF_PICK}
pair_tries = ["A red square, left of a purple triangle.", "", "zorp zorp", "red square left purple triangle", "red red red red red red red red red red red red red red red square"]
pair_log = tuple(try_pair(caption, pair_target) for caption in pair_tries)
pair_winner = "Red square left purple triangle!"


# %% a_false_sentence_wins
"""nothing says that the winner has to be true of the picture"""
pair_tries = ["a red cross left of a blue ring", "a blue cross left of a red ring", "a picture of a blue cross left of a red ring"]
pair_winner = "a picture of a blue cross left of a red ring"


# %% written_down_by_hand
"""literals, as copied from what the playground printed, with a key that nobody asked for"""
pair_tries = None
pair_log = [
    {"caption": "a red cross left of a blue ring", "picked": 32, "rank": try_pair("a red cross left of a blue ring", 35)["rank"], "kind": "both"},
    {"caption": "a picture of a red cross left of a blue ring", "picked": 35, "rank": 1, "kind": "own", "note": "at last"},
    {"kind": "order", "rank": float(try_pair("a red cross with a blue ring", 35)["rank"]), "picked": torch.tensor(34), "caption": "a red cross with a blue ring"},
]


# %% six_other_names whole=true
"""the other names' pictures can be found as well, each by a caption of another kind"""
def kind_of_pick(target, picked):
    return "own" if target == picked else ("order", "binding", "both")[(target ^ picked) - 1] if target // 4 == picked // 4 else "other words"


pick_counts = {kind: sum(kind_of_pick(k, p) == kind for k, p in enumerate(plain_picks)) for kind in pairs.KINDS_OF_PICK}
winners = {
    "Sofia": "a green loop to the left of an orange triangle",
    "Alan Turing": "a lemon ring to the right of a blue square",
    "Grace Hopper": "there is a green cross and a blue ring",
    "Kim": "a blue square left of orange",
    "Emmy Noether": "red cross left of an triangle",
    "Max": "a purple ring left of an orange square square",
}
for my_name, pair_winner in winners.items():
    pair_target = pairs.target_for(my_name)
    pair_log = [try_pair(caption, pair_target) for caption in (beside.captions[pair_target], beside.pairs[pair_target].turned.caption, pair_winner)]
    assert pair_log[-1]["rank"] == 1
