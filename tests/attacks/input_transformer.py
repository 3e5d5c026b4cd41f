"""Register an input transformer that replaces the source of every later cell by `pass`.

about: compare
expect: no gain
"""

LAST = "ip = get_ipython()\nip.input_transformers_post.append(lambda lines: ['pass\\n'])\n1 / 0"
FIRST = "get_ipython().input_transformers_cleanup.append(lambda lines: [l for l in lines if 'assert' not in l])"
