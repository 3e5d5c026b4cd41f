"""Makes plain `nbgrader ...` commands and formgrader grade as `seq2grade grade` does. Run them in this folder.

The gradebook is gradebook.db here; SEQ2GRADE_DB names another (sqlite:///... or postgresql://...).
SEQ2GRADE_SANDBOX chooses the sandbox, as the option --sandbox does.
"""

from pathlib import Path

from autograder.gradebook import database_url
from autograder.nbgrader import REFUSED

c = get_config()  # noqa: F821  (given by nbgrader)

root = Path(__file__).resolve().parent
c.CourseDirectory.root = str(root)
c.CourseDirectory.db_url = database_url(root)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.solution_directory = "solutions"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"

# What is copied out of a submission: no caches, no hidden files, and nothing that was set aside. Sizes in kB.
c.CourseDirectory.ignore = [".*", "__pycache__", "*.pyc", "feedback", f"*{REFUSED}"]
c.CourseDirectory.max_file_size = 50_000
c.CourseDirectory.max_dir_size = 100_000

# Submissions run in our sandbox and are judged from outside it.
c.Autograde.create_student = True
c.Autograde.pre_convert_hook = "autograder.nbgrader.prepare"
c.Autograde.exporter_class = "autograder.nbgrader.UnreadNotebook"
c.Autograde.sanitize_preprocessors = ["autograder.nbgrader.Collect"]
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.Judge",
    "autograder.nbgrader.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
]

# Solutions are published one day: without hidden tests, and not run outside the sandbox.
c.GenerateSolution.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ClearHiddenTests",
]

# Students' output ends up in pages that instructors open.
c.HTMLExporter.sanitize_html = True
