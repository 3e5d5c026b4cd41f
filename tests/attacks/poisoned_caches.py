"""Write into packages, caches and start-up files that the next submission would load.

about: outlive
expect: contained
"""

FIRST = """
import glob, os, site, sys, numpy
home = os.path.expanduser("~")
os.makedirs(home + "/.ipython/profile_default/startup", exist_ok=True)
os.makedirs(home + "/.config/matplotlib", exist_ok=True)
targets = [*(p + "/sitecustomize.py" for p in sys.path if p), os.path.dirname(numpy.__file__) + "/__init__.py",
           home + "/.ipython/profile_default/startup/00.py", home + "/.config/matplotlib/matplotlibrc", home + "/torch.py",
           home + "/.pythonrc.py", "/tmp/torch.py", "/tmp/sitecustomize.py", "/dev/shm/torch.py", "/etc/ld.so.preload"]
for target in targets:
    try: open(target, "a").write("raise SystemExit('poisoned')")
    except OSError: pass
"""
