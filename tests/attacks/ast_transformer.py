"""Register an AST transformer that turns every assert, and every call of a check, into nothing.

about: compare
expect: no gain
"""

FIRST = """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Call(self, node):
        self.generic_visit(node)
        return ast.Constant(1e9) if "check" in ast.dump(node.func) else node
get_ipython().ast_transformers.append(Drop())
"""
