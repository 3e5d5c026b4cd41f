"""
item: s000-3.1
cell: s000-3_1
why: h_0 may be left out, and then Whh is not used at step 1
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        if t > 1:
            edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
