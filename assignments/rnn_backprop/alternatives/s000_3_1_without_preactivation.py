"""
item: s000-3.1
cell: s000-3_1
why: z_t may be left out because h_t = z_t
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"h{t}"), (f"h{t - 1}", f"h{t}"), ("Whx", f"h{t}"), (f"x{t}", f"h{t}")}
        edges |= {("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
