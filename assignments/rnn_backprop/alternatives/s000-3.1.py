# %% from_a_template
"""the edges of one step, written once and filled in with its number"""
def rnn_graph(T):
    step = "Whh>z{t} h{s}>z{t} Whx>z{t} x{t}>z{t} z{t}>h{t} Wyh>o{t} h{t}>o{t} o{t}>yh{t} yh{t}>J{t} y{t}>J{t} J{t}>J"
    return {tuple(e.format(t=t, s=t - 1).split(">")) for t in range(1, T + 1) for e in step.split()}


# %% shortest_drawing_as_a_list
"""neither z_t nor h_0 is drawn, and a list of lists holds the same pairs as a set"""
def rnn_graph(T):
    edges = []
    for t in range(1, T + 1):
        edges += [["Whx", f"h{t}"], [f"x{t}", f"h{t}"], ["Wyh", f"o{t}"], [f"h{t}", f"o{t}"]]
        edges += [[f"o{t}", f"yh{t}"], [f"yh{t}", f"J{t}"], [f"y{t}", f"J{t}"], [f"J{t}", "J"]]
    for t in range(2, T + 1):
        edges += [["Whh", f"h{t}"], [f"h{t - 1}", f"h{t}"]]
    return edges


# %% without_preactivation
"""z_t may be left out because h_t = z_t"""
def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"h{t}"), (f"h{t - 1}", f"h{t}"), ("Whx", f"h{t}"), (f"x{t}", f"h{t}")}
        edges |= {("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges


# %% without_start_state
"""h_0 may be left out, and then Whh is not used at step 1"""
def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        if t > 1:
            edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges


# %% without_start_state_but_with_its_weight
"""h_0 may be left out while the product with Whh is still drawn at step 1"""
def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        if t > 1:
            edges.add((f"h{t - 1}", f"z{t}"))
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
