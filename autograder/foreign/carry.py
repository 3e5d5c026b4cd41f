"""Tests that ran in the student's kernel, as the body of a check: names of the notebook become calls through `student`.

Only what calls names and compares is carried over. A statement that does more is left, with the reason; so is what
uses it.
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
from dataclasses import dataclass, field

from autograder.foreign.cells import parsed
from autograder.foreign.raises import expected_error
from autograder.foreign.refused import RANDOM, WORLD, Refused

_GENERIC = "One of the tests of this answer does not hold."
_PAIRS = {
    "assert_equal": "({0}) == ({1})", "assert_equals": "({0}) == ({1})", "assertEqual": "({0}) == ({1})",
    "assert_not_equal": "({0}) != ({1})", "assert_in": "({0}) in ({1})", "assert_is": "({0}) is ({1})",
    "assert_almost_equal": "round(({0}) - ({1}), 7) == 0", "assert_greater": "({0}) > ({1})",
    "assert_less": "({0}) < ({1})", "assert_greater_equal": "({0}) >= ({1})", "assert_less_equal": "({0}) <= ({1})",
    "assert_is_instance": "isinstance({0}, {1})",
}  # fmt: skip
_SINGLE = {"assert_true": "{0}", "assert_false": "not ({0})", "ok_": "{0}", "assert_is_none": "({0}) is None",
           "assert_is_not_none": "({0}) is not None"}  # fmt: skip
_WIDTH = 100
_OWN = {"student", "draw", "expect", "check", "_holds"}


@dataclass(frozen=True)
class Carried:
    """`body`: lines of a check; `imports`: lines at the top of its file; `left`: (why, text) of what stayed behind;
    `expects`: how many things are asked for; `says`: what an author wrote about them."""

    body: tuple[str, ...]
    imports: tuple[str, ...]
    left: tuple[tuple[str, str], ...]
    expects: int
    says: str


def carried(code: str, defines: set[str], given: dict[str, str], message: str = "") -> Carried:
    """A test's code as the body of a check. `defines`: names that answers define; `given`: name -> import statement
    of what the notebook's other cells import."""
    tree = parsed(code)
    if tree is None:
        return Carried((), (), (("it is no plain Python", code),), 0, "")
    carrier = _Carrier(code, defines, given, message)
    for node in tree.body:
        carrier.take(node)
    imports = tuple(sorted(set(carrier.imports)))
    says = next(filter(None, carrier.said), "")
    return Carried(tuple(carrier.body), imports, tuple(carrier.left), carrier.expects, says)


@dataclass
class _Carrier(ast.NodeTransformer):
    code: str
    defines: set[str]
    given: dict[str, str]
    message: str = ""
    body: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    expects: int = 0

    def __post_init__(self) -> None:
        tree = ast.parse(self.code)
        stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        args = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
        functions = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        self.locals = (stored | args | functions) - self.defines
        self.modules: dict[str, str] = {}

    def take(self, node: ast.stmt) -> None:
        """Carry over one statement, or leave it."""
        text = ast.get_source_segment(self.code, node) or ast.unparse(node)
        before = self.expects, len(self.imports), len(self.said)
        try:
            lines = [_laid_out(ast.fix_missing_locations(part)) for part in self._statement(node)]
        except Refused as why:
            self.expects = before[0]
            del self.imports[before[1] :], self.said[before[2] :]
            self.left.append((str(why), text))
            self.lost |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        else:
            self.body += lines

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Assert):
            return [self._expect(self._visited(node.test), self._said(node.msg))]
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return self._import(node)
        if isinstance(node, (ast.Try, ast.With, ast.Expr)) and (found := expected_error(node)) is not None:
            return [self._raises(*found)]
        if isinstance(node, ast.Expr):
            return self._expression(node.value)
        if isinstance(node, ast.Raise):
            return self._raise(node)
        if isinstance(node, (ast.For, ast.While, ast.If, ast.FunctionDef)):
            return [self._nested(node)]
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            if node.value is not None and ast.unparse(node.value).startswith("unittest.TestCase()."):
                return []  # an assertion under another name: it is known by that name
            self._may_set(node)
            return [self.generic_visit(node)]  # type: ignore[list-item]
        if isinstance(node, (ast.Pass, ast.Break, ast.Continue, ast.Return)):
            return [self.generic_visit(node)]  # type: ignore[list-item]
        raise Refused("it does more than call names and compare what comes back")

    def _nested(self, node: ast.For | ast.While | ast.If | ast.FunctionDef) -> ast.stmt:
        for part in ("body", "orelse"):
            inner = [made for child in getattr(node, part, []) for made in self._statement(child)]
            if hasattr(node, part):
                setattr(node, part, inner or ([ast.Pass()] if part == "body" else []))
        for part in ("test", "iter"):
            if hasattr(node, part):
                setattr(node, part, self._visited(getattr(node, part)))
        return node

    def _expect(self, test: ast.expr, said: str) -> ast.stmt:
        self.expects += 1
        self.said.append(said)
        shown = said or self.message or _about(test)
        expected = ast.Attribute(ast.Name("expect", ast.Load()), "true", ast.Load())
        return ast.Expr(ast.Call(expected, [test, ast.Constant(shown)], []))

    def _said(self, message: ast.expr | None) -> str:
        """A constant message; one that is put together could show what a student must not see."""
        return " ".join(str(message.value).split()) if isinstance(message, ast.Constant) else ""

    def _raises(self, kind: str, function: str, args: list[ast.expr], keywords: list[ast.keyword]) -> ast.stmt:
        if function not in self.defines or function.startswith("_"):
            raise Refused(f"it expects an exception of {function}, which no answer defines")
        call = ast.parse(f"student.raised({function!r})", mode="eval").body
        assert isinstance(call, ast.Call)
        call.args += [self._visited(arg) for arg in args]
        call.keywords = [ast.keyword(k.arg, self._visited(k.value)) for k in keywords]
        compare = ast.Compare(call, [ast.NotEq() if not kind else ast.Eq()], [ast.Constant(kind)])
        told = f"with {kind}" if kind else "with an exception"
        return self._expect(compare, f"`{function}` should refuse some arguments {told}, and does not.")

    def _expression(self, value: ast.expr) -> list[ast.stmt]:
        if isinstance(value, ast.Constant):
            self.said.insert(0, " ".join(str(value.value).split()) if isinstance(value.value, str) else "")
            return []
        name = _called(value)
        if isinstance(value, ast.Call) and name in _PAIRS and len(value.args) >= 2:
            parts = [ast.unparse(self._visited(arg)) for arg in value.args[:2]]
            return [self._expect(_parsed(_PAIRS[name].format(*parts)), _third(value, 2))]
        if isinstance(value, ast.Call) and name in _SINGLE and value.args:
            return [self._expect(_parsed(_SINGLE[name].format(ast.unparse(self._visited(value.args[0])))), "")]
        if isinstance(value, ast.Call) and name.startswith("assert") and self._of_a_module(value.func, name):
            call = _parsed("_holds(_)")
            assert isinstance(call, ast.Call)
            call.args = [self._visited(value.func), *(self._visited(arg) for arg in value.args)]
            call.keywords = [ast.keyword(k.arg, self._visited(k.value)) for k in value.keywords if k.arg != "err_msg"]
            return [self._expect(call, "")]
        return [ast.Expr(self._visited(value))]

    def _of_a_module(self, func: ast.expr, name: str) -> bool:
        return isinstance(func, ast.Attribute) or name in self.modules or name in self.given

    def _raise(self, node: ast.Raise) -> list[ast.stmt]:
        if isinstance(node.exc, ast.Call) and _called(node.exc) == "AssertionError":
            said = self._said(node.exc.args[0] if node.exc.args else None)
            return [self._expect(ast.Constant(False), said)]
        raise Refused("it raises something other than AssertionError")

    def _may_set(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and part.id not in self.locals:
                    raise Refused(f"it changes {part.id}, which is the notebook's")

    def _import(self, node: ast.Import | ast.ImportFrom) -> list[ast.stmt]:
        root = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        names = [alias.asname or alias.name.split(".")[0] for alias in node.names]
        if (root or "").split(".")[0] in ("nose", "unittest", "pytest"):
            return []  # their assertions are known by name
        for alias, name in zip(node.names, names, strict=True):
            made: ast.stmt = ast.Import([alias])
            if isinstance(node, ast.ImportFrom):
                made = ast.ImportFrom(node.module, [alias], node.level)
            self.modules[name] = ast.unparse(made)
        return []

    def _visited(self, node: ast.expr) -> ast.expr:
        visited: ast.expr = self.visit(node)
        return visited

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """f(x) is asked of the student where f is the notebook's."""
        if isinstance(node.func, ast.Name) and node.func.id in WORLD:
            raise Refused(f"it calls {node.func.id}(), which sees this process and not the student's")
        name = _called(node)
        if isinstance(node.func, ast.Attribute) and (name in RANDOM or "random" in ast.unparse(node.func).split(".")):
            raise Refused("it draws at random: take inputs from `draw`, which are the same at each try of a seed")
        if isinstance(node.func, ast.Name) and self._is_students(node.func.id):
            func: ast.expr = ast.Attribute(ast.Name("student", ast.Load()), node.func.id, ast.Load())
        else:
            func = self._visited(node.func)
        keywords = [ast.keyword(k.arg, self._visited(k.value)) for k in node.keywords]
        return ast.Call(func, [self._visited(arg) for arg in node.args], keywords)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name is a local one, a module's, Python's own, or else the notebook's."""
        if isinstance(node.ctx, ast.Store) or not self._is_students(node.id):
            return node
        return _parsed(f"student.value({node.id!r})")

    def _is_students(self, name: str) -> bool:
        if name in self.lost:
            raise Refused(f"it uses {name}, which comes from a statement that was left")
        if name in _OWN:
            raise Refused(f"it uses the name {name}, which is the check's own")
        if name in self.locals:
            return False
        line = self.modules.get(name) or (self.given.get(name) if name not in self.defines else None)
        if line is not None:
            self._allow(line)
            return False
        if name not in self.defines and hasattr(builtins, name):
            return False
        if name.startswith("_"):
            raise Refused(f"it asks for {name}, and names that begin with _ are not the notebook's to give")
        return True

    def _allow(self, line: str) -> None:
        module = line.split()[1].split(".")[0]
        if module == "random":
            raise Refused("it draws at random: take inputs from `draw`, which are the same at each try of a seed")
        if module.startswith(".") or importlib.util.find_spec(module) is None:
            raise Refused(f"it imports {module}, which is not installed here")
        self.imports.append(line)


def _about(test: ast.expr) -> str:
    """What a student reads where the author wrote nothing: which of their names it is about, and no more."""
    for node in ast.walk(test):
        asked = ast.unparse(node.value) == "student" if isinstance(node, ast.Attribute) else False
        if isinstance(node, ast.Attribute) and asked and node.attr not in ("value", "raised"):
            return f"What `{node.attr}` gives is not always what the task asks for."
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "student.value":
            return f"`{ast.literal_eval(node.args[0])}` is not what the task asks for."
    return _GENERIC


def _laid_out(node: ast.stmt) -> str:
    """A statement as text; of an expectation that is long, each argument on a line of its own."""
    text = ast.unparse(node)
    call = node.value if isinstance(node, ast.Expr) else None
    if len(text) <= _WIDTH or not isinstance(call, ast.Call):
        return text
    return f"{ast.unparse(call.func)}(\n" + "".join(f"    {ast.unparse(arg)},\n" for arg in call.args) + ")"


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _called(value: ast.expr) -> str:
    """The last part of the name of what is called; "" where nothing is."""
    if not isinstance(value, ast.Call):
        return ""
    return value.func.id if isinstance(value.func, ast.Name) else getattr(value.func, "attr", "")


def _third(call: ast.Call, place: int) -> str:
    found = call.args[place] if len(call.args) > place else None
    return (
        " ".join(str(found.value).split()) if isinstance(found, ast.Constant) and isinstance(found.value, str) else ""
    )
