"""
item: s000-3.1
cell: s000-3_1
why: neither z_t nor h_0 is drawn, and a list of lists holds the same pairs as a set
"""

def rnn_graph(T):
    edges = []
    for t in range(1, T + 1):
        edges += [["Whx", f"h{t}"], [f"x{t}", f"h{t}"], ["Wyh", f"o{t}"], [f"h{t}", f"o{t}"]]
        edges += [[f"o{t}", f"yh{t}"], [f"yh{t}", f"J{t}"], [f"y{t}", f"J{t}"], [f"J{t}", "J"]]
    for t in range(2, T + 1):
        edges += [["Whh", f"h{t}"], [f"h{t - 1}", f"h{t}"]]
    return edges
