"""seq2grade: hidden tests judge a student's notebook from outside its process."""

__version__ = "0.1.0"
