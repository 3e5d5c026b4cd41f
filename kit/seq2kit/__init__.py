"""What the notebooks import: pictures to look at, and numbers to check an answer against."""
