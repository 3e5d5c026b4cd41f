"""
item: s000-3.1
cell: s000-3_1
caught_by: state_comes_from_last_state_and_input, states_alone_carry_the_memory
misconception: the next state also reads the last prediction
explain: You feed the prediction back into the next state. Some decoders do that, but here the equation of
  z_t names only the old state, the input and two weight matrices.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        if t > 1:
            edges.add((f"yh{t - 1}", f"z{t}"))
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
