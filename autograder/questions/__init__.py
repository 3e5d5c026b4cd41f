"""Questions whose numbers and options are drawn: what a bank's files import, and what a paper is made of."""

from autograder.questions.draws import Draws
from autograder.questions.templates import Numeric, Slip, template

__all__ = ["Draws", "Numeric", "Slip", "template"]
