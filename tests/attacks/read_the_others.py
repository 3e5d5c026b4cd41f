"""Look for the work of others: folders of sandboxes beside this one, their kernels' sockets, their memory and files
through /proc, and what the grader was told on its command line or in its environment.

about: search
expect: no leak
"""

FIRST = """
import glob, os
own = {os.getpid(), os.getppid()}
mine = os.path.realpath(os.getcwd())
for folder in glob.glob("/tmp/s2g-run-*") + glob.glob(os.environ.get("TMPDIR", "/tmp") + "/../../s2g-run-*"):
    if mine.startswith(os.path.realpath(folder)): continue
    for name in ("", "files", "ipc", "tmp", "root"):
        try: print("FOUND", folder, name, os.listdir(os.path.join(folder, name)))
        except OSError: pass
    for act in (lambda: open(folder + "/files/planted", "w"), lambda: os.rename(folder, folder + "x"),
                lambda: os.symlink("/", folder + "/link"), lambda: os.chmod(folder, 0o777)):
        try: act(); print("FOUND", "changed", folder)
        except OSError: pass
def owner(pid):
    try: return os.stat(f"/proc/{pid}").st_uid
    except OSError: return os.getuid()
for pid in [int(p) for p in os.listdir("/proc") if p.isdigit()]:
    if pid in own or owner(pid) == os.getuid(): continue
    for name in ("environ", "mem", "maps", "fd", "cwd", "root", "map_files", "task/%d/mem" % pid):
        path = f"/proc/{pid}/{name}"
        try:
            got = os.listdir(path) if name in ("fd", "map_files", "cwd", "root") else open(path, "rb").read(64)
            if got: print("FOUND", path)
        except OSError: pass
    try: os.kill(pid, 0); print("FOUND", "can signal", pid)
    except OSError: pass
"""


def after(grade, seen):
    assert "FOUND" not in str(grade.notebook["cells"][0]["outputs"])
