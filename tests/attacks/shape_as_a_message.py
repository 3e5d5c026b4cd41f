"""Carry a hidden input out in the shape of what the function returns: messages say what a shape should have been.

about: smuggle
expect: no leak
"""

from autograder.judge import Draw
from autograder.model import Grade

ANSWER = """
def tempered_softmax(z, tau):
    return torch.zeros(int(1e6 * abs(float(z.flatten()[0]))), 0)
"""


def after(grade: Grade, seen: str) -> None:
    """Not one digit more than the size of the message is told."""
    for name, shape, scale in (("rows_match_the_definition", (3, 5), 2.0), ("huge_scores_stay_finite", (2, 4), 1.0)):
        z = float(Draw(grade.seed, name).tensor(*shape, scale=scale)[0, 0]) + (3000.0 if scale == 1.0 else 0.0)
        assert str(int(1e6 * abs(z))) not in seen
    told = [check.message for item in grade.items for check in item.checks]
    assert any("shape" in message for message in told)
