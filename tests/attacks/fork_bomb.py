"""Fork without end in a cell, so that nobody else can start a process.

about: exhaust
expect: contained
"""

LAST = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
