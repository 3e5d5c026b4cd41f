"""
item: s000-3.1
cell: s000-3_1
why: the edges of one step, written once and filled in with its number
"""

def rnn_graph(T):
    step = "Whh>z{t} h{s}>z{t} Whx>z{t} x{t}>z{t} z{t}>h{t} Wyh>o{t} h{t}>o{t} o{t}>yh{t} yh{t}>J{t} y{t}>J{t} J{t}>J"
    return {tuple(e.format(t=t, s=t - 1).split(">")) for t in range(1, T + 1) for e in step.split()}
