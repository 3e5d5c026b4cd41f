# %% by_lines
"""A list of lines, joined."""
def prompt_of(question, examples, mark="->"):
    lines = [" ".join((asked, mark, told)) for asked, told in examples]
    lines.append(" ".join((question, mark)))
    return "\n".join(lines)


def answer_in(text):
    return text.partition("\n")[0].strip()


# %% by_growing
"""One text that grows; the settings by name; stopping at the end of the line saves tokens."""
def prompt_of(question, examples, mark="->"):
    text = ""
    for asked, told in examples:
        text += asked + " " + mark + " " + told + "\n"
    return text + question + " " + mark


def solve(model, question, examples, mark="->"):
    reply = model.generate(prompt_of(question, list(examples), mark=mark), max_new_tokens=12, temperature=0, stop=("\n",))
    return answer_in(reply.text)


# %% by_a_pattern
"""A regular expression for the first line; greedy is what generate does if nobody says otherwise."""
def answer_in(text):
    return re.match(r"[^\n]*", text)[0].strip()


def solve(model, question, examples, mark="->"):
    return answer_in(model.generate(prompt_of(question, examples, mark), max_new_tokens=12).text)
