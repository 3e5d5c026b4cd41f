"""Return NaN and infinities, which compare unequal to everything and slip through `not (error > tolerance)`.

about: compare
expect: no gain
"""

ANSWER = """
def tempered_softmax(z, tau):
    return torch.full_like(z, float("nan") if tau < 0.75 else float("inf"))
"""
CHOICE = 'answers["hot-limit"] = {"b", float("nan")}\nhot_tau = float("nan")'
