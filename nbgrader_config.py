"""Makes plain `nbgrader ...` commands and formgrader grade as `seq2grade grade` does. Run them in this folder.

The gradebook is gradebook.db here; SEQ2GRADE_DB names another (sqlite:///... or postgresql://...).
SEQ2GRADE_SANDBOX and SEQ2GRADE_DEVICE choose as the options --sandbox and --device do.
"""

from pathlib import Path

from autograder.settings import configure

c = get_config()  # noqa: F821  (given by nbgrader)
configure(c, Path(__file__).resolve().parent)
# Settings of your own go below; without the line above, `nbgrader autograde` runs hidden tests in the student's kernel.

# What handing in late costs, for `seq2grade grade` too. Nothing, unless you choose a plugin of nbgrader's or your own:
# c.LateSubmissionPlugin.penalty_method = "zero"
# c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"
# c.PerDay.percent_per_day = 10  # of the points earned, for each day begun
# c.PerDay.most_percent = 50
# c.PerDay.grace_minutes = 30
