"""
item: s001-4.2
cell: s001-4_2
why: hundreds of tries from all combinations of words, all of them in the log
"""

words = [(w, *shapes.SYNONYMS[w]) for w in world.scenes[my_target].words]
tries = [f"{o} {a} {b} {c} {d}".strip() for o in ("", "a picture of", "there are", "some", "the") for a in words[0] for b in words[1] for c in words[2] for d in words[3]]
log = [try_caption(caption, my_target) for caption in tries]
allowed = [e for e in log if e["picked"] == my_target and not shapes.is_taboo(e["caption"], world.scenes[my_target])]
winning_caption = max(allowed, key=lambda e: e["prob"])["caption"]
