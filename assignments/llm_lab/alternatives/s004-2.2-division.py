# %% by_fractions
"""Exact fractions, and a number at a time."""
def check_division(text, a=77, b=26):
    from fractions import Fraction

    value = Fraction(a, b)
    whole, rest = a // b, a % b
    found = []
    for piece in re.findall(r"[\d.]+", text):
        piece = piece.rstrip(".")
        if not re.fullmatch(r"\d+\.\d+", piece):
            continue
        digits = len(piece.split(".")[1])
        unit = Fraction(1, 10**digits)
        cut = (value / unit).__floor__() * unit
        near = ((value / unit + Fraction(1, 2)).__floor__()) * unit
        found.append(digits > 1 and Fraction(piece) in (cut, near))
    if found:
        return all(found)
    plain = " ".join(text.lower().replace("with a", " ").replace("with", " ").replace(" of ", " ").split())
    forms = rf"(?:^|[^\d.]){whole} ?(?:remainder|r) ?{rest}(?!\d)", rf"(?:^|[^\d./]){whole} {rest}/{b}(?!\d)"
    return any(re.search(form, plain) for form in forms)


# %% by_decimal
"""Python's decimal numbers, rounded in two ways."""
def check_division(text, a=77, b=26):
    from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, getcontext

    getcontext().prec = 60
    exact = Decimal(a) / Decimal(b)
    numbers = re.findall(r"(?<![\d.])(\d+\.\d+)(?!\d|\.\d)", text)

    def fits(number):
        unit = Decimal(1).scaleb(-len(number.split(".")[1]))
        return unit <= Decimal("0.01") and Decimal(number) in [exact.quantize(unit, rounding=way) for way in (ROUND_DOWN, ROUND_HALF_UP)]

    if any(not fits(number) for number in numbers):
        return False
    q, r = divmod(a, b)
    said = re.search(r"(?<![\d.])(\d+)\s*(?:r|(?:with\s+)?(?:a\s+)?remainder(?:\s+of)?)\s*(\d+)(?!\d)", text, re.I)
    mixed = re.search(r"(?<![\d./])(\d+)\s+(\d+)/(\d+)", text)
    return bool(numbers) or bool(said and (int(said[1]), int(said[2])) == (q, r)) or bool(mixed and tuple(map(int, mixed.groups())) == (q, r, b))


# %% by_strings
"""The digits of the long division, compared as text."""
def check_division(text, a=77, b=26):
    digits, rest = str(a // b) + ".", a % b
    for _ in range(40):
        rest *= 10
        digits, rest = digits + str(rest // b), rest % b
    whole = len(str(a // b)) + 1

    def right(number):
        size = len(number)
        up = str(int(digits[:size].replace(".", "")) + (digits[size] >= "5")).rjust(size - 1, "0")
        return size >= whole + 2 and number in (digits[:size], up[: whole - 1] + "." + up[whole - 1 :])

    words = [word.strip("$,;:!?()").rstrip(".") for word in text.replace("≈", " ").replace("=", " ").split()]
    decimals = [word for word in words if re.fullmatch(r"\d+\.\d+", word)]
    if decimals:
        return all(map(right, decimals))
    joined = " ".join(words).lower()
    for form in (f"{a // b} remainder {a % b}", f"{a // b} with a remainder of {a % b}", f"{a // b} r {a % b}", f"{a // b} r{a % b}", f"{a // b} {a % b}/{b}"):
        if f" {form} " in f" {joined} ":
            return True
    return False


# %% all_that_is_said
"""Everything that is said gets a verdict of its own, and all of them have to be good."""
NUMBER = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d])(?!\.\d)")


def check_division(text, a=77, b=26):
    verdicts = set()
    for whole, part in NUMBER.findall(text):
        n = 10 ** len(part)
        said = int(whole) * n + int(part)
        verdicts.add(len(part) > 1 and said in {a * n // b, int((2 * a * n + b) // (2 * b))})
    q, r = divmod(a, b)
    for pattern in (r"(?<![\d.])(\d+) (?:with a )?remainder (?:of )?(\d+)(?!\d)", r"(?<![\d.])(\d+) r ?(\d+)(?!\d)"):
        for x, y in re.findall(pattern, text, re.I):
            verdicts.add((int(x), int(y)) == (q, r))
    for x, y, z in re.findall(r"(?<![\d.])(\d+) (\d+)/(\d+)(?!\d)", text):
        verdicts.add((int(x), int(y), int(z)) == (q, r, b))
    return verdicts == {True}
