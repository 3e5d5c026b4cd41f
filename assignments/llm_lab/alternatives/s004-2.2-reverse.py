# %% by_files
"""The code and the test in a file, the verdict in another one whose name the code cannot know."""
def _run(folder, source, seconds):
    path = folder + "/program.py"
    with open(path, "w", encoding="utf-8") as out:
        out.write(source)
    try:
        return subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, timeout=seconds, cwd=folder)
    except subprocess.TimeoutExpired:
        return None


def check_reverse(code, seconds=5.0):
    sign = secrets.token_hex(12)
    test = f'''
class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

space = {{}}
exec(compile({code!r}, "answer", "exec"), space)
for values in [[], [7], [2, 1], [1, 2, 3], [5, 5, 1, 9, 2]]:
    head = None
    for value in reversed(values):
        head = Node(value, head)
    head = space["reverse"](head)
    for value in reversed(values):
        if head is None or head.value != value:
            raise SystemExit(1)
        head = head.next
    if head is not None:
        raise SystemExit(1)
open({sign!r}, "w").close()
'''
    import os
    with tempfile.TemporaryDirectory() as folder:
        done = _run(folder, test, seconds)
        return done is not None and done.returncode == 0 and os.path.exists(os.path.join(folder, sign))


def check_hello(code, seconds=5.0):
    with tempfile.TemporaryDirectory() as folder:
        done = _run(folder, code, seconds)
    if done is None or done.returncode:
        return False
    return "".join(letter for letter in done.stdout if letter not in ",!").strip().casefold() == "hello world"


# %% by_popen
"""Popen, with a kill when time is up; the program comes by its standard input."""
def _outcome(program, seconds):
    process = subprocess.Popen([sys.executable, "-I", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        out, _ = process.communicate(program, timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return 1, ""
    return process.returncode, out


def check_reverse(code, seconds=5.0):
    number = secrets.randbelow(10**18)
    program = f"""
import sys
class Node: pass
def listed(values):
    head = None
    for value in values[::-1]:
        node = Node(); node.value = value; node.next = head; head = node
    return head
space = {{"__name__": "x"}}
exec({code!r}, space)
right = True
for values in ([], [1], [3, 1, 2], [4, 4, 2, 8, 1], [1, 2, 3, 4, 5]):
    node = space["reverse"](listed(values))
    seen = []
    for _ in range(len(values) + 1):
        if node is None:
            break
        seen.append(node.value)
        node = node.next
    right = right and seen == values[::-1]
sys.stdout.write("\\n" + str({number} + right))
"""
    code_, out = _outcome(program, seconds)
    return code_ == 0 and out.split("\n")[-1] == str(number + 1)


def check_hello(code, seconds=5.0):
    status, out = _outcome(code, seconds)
    return status == 0 and re.fullmatch(r"\s*hello,?\s+world!?\s*", out, re.IGNORECASE) is not None


# %% a_process_for_each_list
"""A run for each list, which prints what it found behind a word that was drawn."""
def check_reverse(code, seconds=5.0):
    for values in ([], [1], [2, 2], [4, 1, 3, 1, 5]):
        word = secrets.token_urlsafe(9)
        source = (
            "class N:\n  pass\nh = None\n"
            f"for v in {values[::-1]!r}:\n  n = N(); n.value = v; n.next = h; h = n\n"
            f"s = dict()\nexec({code!r}, s)\nh = s['reverse'](h)\nout = []\n"
            "while h is not None and len(out) < 9:\n  out.append(h.value); h = h.next\n"
            f"print(); print({word!r}, out)"
        )
        try:
            done = subprocess.run([sys.executable, "-I", "-S", "-c", source], capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        lines = done.stdout.decode(errors="replace").splitlines()
        if done.returncode != 0 or lines[-1:] != [f"{word} {values[::-1]}"]:
            return False
    return True
