"""seq2grade: hidden tests judge a student's notebook from outside its process."""

import sys

# jsonschema, which nbformat imports, takes a second of every start to build a grammar for internationalised addresses
# if this package is there; nothing of ours or of nbformat's asks for one, and jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.2.0"
