"""Fork without end in a cell.

expect: contained
"""

LAST = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
