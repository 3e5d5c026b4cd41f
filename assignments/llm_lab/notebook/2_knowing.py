# %% [markdown]
# # Part 2: Does it know?
#
# ## 2.1 A number in prose
#
# **Why.** "What is 77 divided by 26?" is marked in a second by a person, and nobody reads a thousand answers. A program that marks them is an instrument, and an
# instrument has errors of two kinds: it refuses what is right, or accepts what is wrong. Whoever looks for "2" in the answer accepts nearly everything.
#
# **What counts.** $77 / 26 = 2.961538\ldots$ A reply is right if it gives the value
#
# - as a *decimal number* with at least two digits after the point, rounded or cut there: 2.96, 2.962, 2.961, 2.9615;
# - or as *quotient and remainder*: "2 remainder 25", "2 with a remainder of 25", "2 R 25", "2 R25", in capitals or not;
# - or as a *mixed number*: "2 25/26".
#
# A reply that also gives a decimal number that is wrong, before or after the right value, has not decided, and is wrong; two right ones ("2.9615, so about 2.96") are fine. Whole numbers and words around do not matter. The question itself, "77/26" or
# "77 divided by 26", is no answer. "2.9.6" is no number, and 12.96 another one. 2.97 is neither rounded nor cut.
#
# **Your task** (s004-2.2, the arithmetic). The checker, for this division and for others.

# %% answer="s004-2.2-division"
def check_division(text: str, a: int = 77, b: int = 26) -> bool:
    """Whether a reply gives a / b. a > b > 1 have no common divisor, and the decimals of a / b never end."""
    ### BEGIN SOLUTION
    whole, rest = divmod(a, b)
    right = wrong = False
    for number in re.findall(r"(?<![\d.])\d+\.\d+(?![\d]|\.\d)", text):
        digits = len(number.split(".")[1])
        cut, rounded = a * 10**digits // b, (2 * a * 10**digits + b) // (2 * b)
        if digits >= 2 and int(number.replace(".", "")) in (cut, rounded):
            right = True
        else:
            wrong = True
    remainder = rf"(?<![\d.]){whole}\s*(?:(?:with\s+(?:a\s+)?)?remainder\s*(?:of\s*)?|r\s*){rest}(?![\d.]*\d)"
    mixed = rf"(?<![\d./]){whole}\s+{rest}/{b}(?!\d)"
    right = right or any(re.search(form, text, re.IGNORECASE) for form in (remainder, mixed))
    return right and not wrong
    ### END SOLUTION

# %% tests="s004-2.2-division"
def public_tests_division():
    for text in ("2.96", "It is 2.962.", "77 / 26 = 2.9615", "77/26 ≈ 2.9615", "about 2.961", "2.9615384615", "Step 1: so $2.96$, I think", "It is 2.96. Does this help?"):
        assert check_division(text) is True, f"decimals, rounded or cut: {text!r} is right"
    for text in ("2 remainder 25", "2 with a remainder of 25", "2 R 25", "the answer is 2 r25.", "2 Remainder 25"):
        assert check_division(text) is True, f"quotient and remainder: {text!r} is right"
    assert check_division("That makes 2 25/26.") is True, "mixed number: 2 25/26 is right"
    for text in ("0.6667", "3.14", "2.9", "2.965", "12.96", "2.9.6", "2.96.1", "29.6", "2.9600", "2.97", "2.9616", "2.960"):
        assert check_division(text) is False, f"other numbers: {text!r} is wrong"
    for text in ("77/26", "What is 77 divided by 26?", "", "I do not know.", "2", "26", "The answer is 3"):
        assert check_division(text) is False, f"no answer: {text!r} is wrong"
    for text in ("2 remainder 5", "12 remainder 25", "2 25/27", "2 remainder 255", "1 r 25", "3 25/26", "remainder 25", "25 remainder 2", "12 25/26", "2 25/260", "2 r 250"):
        assert check_division(text) is False, f"quotient and remainder: {text!r} is wrong"
    for text in ("2.96, or maybe 3.14", "0.34 and 2.96", "2 remainder 25, which is 2.25"):
        assert check_division(text) is False, f"a reply that has not decided: {text!r} is wrong"
    assert check_division("It is 2.9600, no, 2.96") is False, "a reply that has not decided: one wrong decimal is enough"
    for text in ("2.9615, so about 2.96", "2 remainder 25, which is 2.96"):
        assert check_division(text) is True, f"a reply that says the same twice has decided: {text!r} is right"
    assert check_division("14.29", 100, 7) is True and check_division("14 R 2", 100, 7) is True, "another division: 100 / 7"
    assert check_division("2.96", 100, 7) is False, "another division: not every question is 77 / 26"


public_tests_division()

# %% [markdown]
# ## 2.2 Code that somebody else wrote
#
# **Why.** "Reverse a linked list in Python" has no answer that one could compare with. One has to run it, and it was written by something that does not know what it writes.
# It may not end. It may end your notebook. So it runs in a process of its own, for a limited time, and what it *prints* is no verdict: it may print anything.
#
# **The contract.** The code is to define `reverse(head)`, which returns the head of the reversed list. A node has `value` and `next`, the last `next` is `None`, and an empty list is
# `None`. It is right for lists of 0, 1 and several nodes, whatever their values, equal ones and others, whether it moves the nodes or makes new ones. Code that raises, does
# not end within `seconds`, ends the process, or leaves a list that runs in a circle is not right.
#
# **Hello World** is easier: the code has to run to its end without an error within `seconds`, and what it prints has to be *Hello, World!*, where capitals, comma, exclamation mark and spaces around do not
# matter.
#
# **Hint.** `subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=seconds)` raises `subprocess.TimeoutExpired` when time is up. How does *your* part of that
# process tell you its verdict, in a way that the other part cannot imitate?
#
# **Your task** (s004-2.2, the code).

# %% answer="s004-2.2-reverse"
def check_reverse(code: str, seconds: float = 5.0) -> bool:
    """Whether `code` defines a right `reverse(head)`; it runs in another process, for at most so many seconds."""
    ### BEGIN SOLUTION
    word = secrets.token_hex(16)  # nobody who was started before it was drawn can print it
    trial = f"""
from types import SimpleNamespace
space = {{"__name__": "answer"}}
exec({code!r}, space)
for values in ([], [3], [4, 1], [2, 7, 1, 7, 5], [1, 2, 3, 4, 5]):
    nodes = [SimpleNamespace(value=value, next=None) for value in values]
    for here, there in zip(nodes, nodes[1:]):
        here.next = there
    node, found = space["reverse"](nodes[0] if nodes else None), []
    while node is not None and len(found) <= len(values):
        found.append(node.value)
        node = node.next
    assert found == values[::-1]
print()
print({word!r})
"""
    run = _python(trial, seconds)
    return run is not None and run[0] == 0 and run[1].splitlines()[-1:] == [word]
    ### END SOLUTION


def check_hello(code: str, seconds: float = 5.0) -> bool:
    """Whether `code` runs to its end in another process and prints Hello, World!"""
    ### BEGIN SOLUTION
    run = _python(code, seconds)
    return run is not None and run[0] == 0 and re.sub("[,!]", "", run[1]).strip().lower() == "hello world"


def _python(code: str, seconds: float) -> tuple[int, str] | None:
    """Exit code and output of a program; None if it does not end in time."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-I", "-c", code]
        try:
            run = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=seconds, cwd=folder
            )
        except subprocess.TimeoutExpired:
            return None
    return run.returncode, run.stdout
    ### END SOLUTION

# %% tests="s004-2.2-reverse"
REVERSALS = {
    "moves nodes": "def reverse(head):\n    last = None\n    while head:\n        head.next, last, head = last, head, head.next\n    return last",
    "recursive": (
        "def reverse(head):\n    if head is None or head.next is None:\n        return head\n    rest = reverse(head.next)\n"
        "    head.next.next = head\n    head.next = None\n    return rest"
    ),
    "new nodes": (
        "class ListNode:\n    def __init__(self, value, next):\n        self.value, self.next = value, next\n"
        "def reverse(head):\n    out = None\n    while head is not None:\n        out, head = ListNode(head.value, out), head.next\n"
        "    return out\nprint('done')"
    ),
    "brings a class Node of its own": (
        "class Node:\n    def __init__(self, data):\n        self.data = data\n"
        "def reverse(head):\n    last = None\n    while head:\n        head.next, last, head = last, head, head.next\n    return last"
    ),
    "prints without a new line": "import sys\nprint('so', end='')\nprint('and so', file=sys.stderr)\ndef reverse(head):\n    last = None\n    while head:\n        head.next, last, head = last, head, head.next\n    return last",
}
NO_REVERSALS = {
    "nothing": "",
    "no Python": "def reverse(head:",
    "no such function": "def turn(head):\n    return head",
    "gives the list back": "def reverse(head):\n    return head",
    "an empty list is too much": "def reverse(head):\n    last, here = None, head\n    while here.next:\n        here.next, last, here = last, here, here.next\n    here.next = last\n    return here",
    "a list of values": "def reverse(head):\n    out = []\n    while head:\n        out.insert(0, head.value)\n        head = head.next\n    return out",
    "sorts instead": (
        "def reverse(head):\n    nodes = []\n    while head:\n        nodes.append(head)\n        head = head.next\n"
        "    nodes.sort(key=lambda n: n.value)\n    last = None\n    for node in nodes:\n        node.next, last = last, node\n    return last"
    ),
    "loses the rest": "def reverse(head):\n    if head:\n        head.next = None\n    return head",
    "runs in a circle": (
        "def reverse(head):\n    first, last = head, None\n    while head:\n        head.next, last, head = last, head, head.next\n"
        "    if first:\n        first.next = last\n    return last"
    ),
    "reverses, and then raises": "def reverse(head):\n    last = None\n    while head:\n        head.next, last, head = last, head, head.next\n    return last\nraise ValueError",
    "takes longer than it may": "import time\ntime.sleep(2)\ndef reverse(head):\n    last = None\n    while head:\n        head.next, last, head = last, head, head.next\n    return last",
    "does not end": "import time\ndef reverse(head):\n    while True:\n        time.sleep(0.05)",
    "ends the process": "import os\ndef reverse(head):\n    os._exit(0)",
    "prints what you may want to read": "print('True')\nprint('ok')\nimport sys\nsys.exit(0)",
    "prints, and is wrong": "print('True')\ndef reverse(head):\n    print('True')\n    return head",
}


def public_tests_reverse():
    for name, code in REVERSALS.items():
        assert check_reverse(code) is True, f"a reversal is right: {name}"
    for name, code in NO_REVERSALS.items():
        assert check_reverse(code, 0.7) is False, f"no reversal is wrong: {name}"
    for code in ("print('Hello, World!')", "print('hello world')", "import sys\nsys.stdout.write('  Hello World! ')"):
        assert check_hello(code) is True, f"hello: {code!r} is right"
    for code in ("print('Hello')", "", "x = 'Hello, World!'", "print('Hello, World!'", "print('Hello, World!')\nprint('Bye')", "print('Hello, 2 Worlds!')"):
        assert check_hello(code) is False, f"hello: {code!r} is wrong"
    assert check_hello("print('Hello, World!')\nraise ValueError") is False, "hello: an error afterwards is one"
    assert check_hello("print('Hello, World!', flush=True)\nimport time\ntime.sleep(60)", 0.7) is False, "hello: it has to end"
    assert check_hello("import sys\nsys.stderr.write('Hello, World!')") is False, "hello: what is printed is what counts"


public_tests_reverse()

# %% [markdown]
# ## 2.3 How sure can one be?
#
# **Why.** A model is right in 4 of 20 cases, another in 8 of 20. Is the second better? "Four models, four prompts, one answer each" is an anecdote. What a rate of $k$ in $n$ says about the *true* rate
# is an interval, and the one by Wilson behaves well where models live: near 0 and near 1.
#
# $$\frac{\hat p + \frac{z^2}{2n} \pm z \sqrt{\frac{\hat p (1 - \hat p)}{n} + \frac{z^2}{4 n^2}}}{1 + \frac{z^2}{n}}, \qquad \hat p = k / n, \quad z = 1.96 \text{ for 95 \%}$$
#
# **By hand.** 0 of 10: from 0 to .278. The plain $\hat p \pm z\sqrt{\hat p(1-\hat p)/n}$ says: from 0 to 0, so ten failures prove that it can never succeed.
#
# **A rule for "better".** Two intervals that do not touch. (That is strict: intervals may overlap a little and a test of the difference would still find one. But who claims less is seldom wrong.)
#
# **Your task** (s004-2.2, intervals).

# %% answer="s004-2.2-interval"
def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval (low, high) of a rate that was k in n, n >= 1."""
    ### BEGIN SOLUTION
    p, share = k / n, z * z / n
    middle, half = p + share / 2, z * math.sqrt(p * (1 - p) / n + share / (4 * n))
    return max(0.0, (middle - half) / (1 + share)), min(1.0, (middle + half) / (1 + share))
    ### END SOLUTION


def better(first: tuple[int, int], second: tuple[int, int]) -> str:
    """Which of two rates, each (k, n), is the higher one: "first", "second", or "cannot tell" if their intervals touch."""
    ### BEGIN SOLUTION
    (low, high), (other_low, other_high) = wilson(*first), wilson(*second)
    return "first" if low > other_high else "second" if other_low > high else "cannot tell"
    ### END SOLUTION

# %% tests="s004-2.2-interval"
def public_tests_interval():
    def agrees(found, wanted):
        return len(found) == 2 and all(abs(float(a) - b) < 1e-3 for a, b in zip(found, wanted, strict=True))

    assert agrees(wilson(0, 10), (0.0, 0.2775)), "no success in ten: see by hand"
    assert agrees(wilson(10, 10), (0.7225, 1.0)), "ten in ten: the mirror image of none in ten"
    assert agrees(wilson(4, 20), (0.0807, 0.4160)), "4 in 20: the middle moves towards one half"
    assert agrees(wilson(1, 1), (0.2065, 1.0)), "one trial: nearly nothing is known"
    assert agrees(wilson(40, 100, 1.0), (0.3524, 0.4496)), "another z: 68 %"
    assert all(-1e-12 <= edge <= 1 + 1e-12 for edge in (*wilson(0, 7), *wilson(7, 7))), "a rate is between 0 and 1"
    assert better((4, 20), (8, 20)) == "cannot tell", "4 and 8 of 20: the intervals touch"
    assert better((40, 200), (80, 200)) == "second", "the same rates of ten times as many: they do not"
    assert better((80, 200), (40, 200)) == "first", "the other way round"
    assert better((0, 5), (0, 400)) == "cannot tell", "none of them can: there is nothing between them"
    assert better((30, 100), (45, 100)) == "cannot tell", "close ones: a test of the difference would find one, but the intervals touch"


public_tests_interval()
