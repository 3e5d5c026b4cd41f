# %% line_by_line
"""A small reader without regular expressions for the marks; seeds counted by hand."""
def points(reply):
    items, lines, listed = [], [], False
    for line in reply.split("\n"):
        text = line.strip()
        head, _, rest = text.partition(" ")
        mark = head in ("-", "*", "•") or (len(head) > 1 and head[:-1].isdigit() and head[-1] in ".)")
        if mark:
            listed = True
            rest = rest.replace("**", "").strip()
            if rest:
                items.append(rest)
        elif text:
            plain = text.replace("**", "").strip()
            if plain:
                lines.append(plain)
    return items if listed else lines


def debate(generate, topic, T=0.7, first_seed=0, tries=6):
    def one_side(question):
        seen, kept, calls = set(), [], 0
        while len(kept) < 3 and calls < tries:
            for point in points(generate(question, T=T, seed=first_seed + calls)):
                key = point.strip().lower().rstrip(" .")
                if key not in seen:
                    seen.add(key)
                    kept.append(point)
            calls += 1
        return kept[:3]

    return {"pro": one_side(f"Please list three arguments for {topic}."), "con": one_side(f"Please list three arguments against {topic}.")}


# %% sides_by_turns
"""The two sides by turns, each with its own count of calls."""
def debate(generate, topic, T=0.7, first_seed=0, tries=6):
    words, kept = {"pro": "FOR", "con": "AGAINST"}, {"pro": [], "con": []}
    for k in range(tries):
        for side, word in words.items():
            if len(kept[side]) < 3:
                known = {point.lower().strip().removesuffix(".") for point in kept[side]}
                for point in points(generate(f"{topic}: give reasons {word} it, one a line.", T=T, seed=first_seed + k)):
                    plain = point.lower().strip().removesuffix(".")
                    if plain not in known:
                        known.add(plain)
                        kept[side] = [*kept[side], point]
    return {side: found[:3] for side, found in kept.items()}


# %% one_pattern
"""The whole reply at once, with one pattern over its lines."""
def points(reply):
    items = re.findall(r"^[ \t]*(?:\d+[.)]|[-*•])(?:[ \t]+(.*)|)$", reply, re.MULTILINE)
    marked = re.search(r"^[ \t]*(?:\d+[.)]|[-*•])(?:[ \t]|$)", reply, re.MULTILINE)
    texts = items if marked else reply.split("\n")
    return [clean for text in texts if (clean := re.sub(r"\*\*", "", text).strip())]


# %% by_recursion
"""What is still wanted is asked for by the function itself, with the seeds that are left."""
def _more(generate, prompt, T, seeds, kept):
    if len(kept) >= 3 or not seeds:
        return kept[:3]
    fresh = list(kept)
    for point in points(generate(prompt, T=T, seed=seeds[0])):
        if all(point.lower().rstrip(". ") != old.lower().rstrip(". ") for old in fresh):
            fresh.append(point)
    return _more(generate, prompt, T, seeds[1:], fresh)


def debate(generate, topic, T=0.7, first_seed=0, tries=6):
    seeds = list(range(first_seed, first_seed + tries))
    return {
        "pro": _more(generate, "What speaks for " + topic + "? List three points.", T, seeds, []),
        "con": _more(generate, "What speaks against " + topic + "? List three points.", T, seeds, []),
    }
