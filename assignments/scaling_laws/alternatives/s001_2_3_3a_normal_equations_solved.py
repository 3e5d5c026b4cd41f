"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: normal equations as they stand
"""

def fit_linear_log(x, y):
    A = np.column_stack([np.log10(np.asarray(x, float)), np.ones(len(x))])
    return tuple(np.linalg.solve(A.T @ A, A.T @ np.log10(np.asarray(y, float))))
