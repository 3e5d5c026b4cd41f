# %% [markdown]
# # Part 2: Activations, computed again
#
# ## 2.1 A schedule for one backward pass
#
# **Why.** The backward pass needs the activations of the forward pass, and they are most of the memory that training takes. One can keep a few
# and compute the others again when they are wanted (*rematerialisation*; torch calls it *checkpointing*). What does that cost?
#
# **The machine.** There are $L$ layers; layer $j$ makes activation $a_j$ from $a_{j-1}$, and $a_0$ is the input. Stored are $a_0, a_k, a_{2k}, \dots, a_L$ ($k$
# divides $L$). One register holds a single activation. Three kinds of step:
#
# | step | what it does | allowed when |
# |---|---|---|
# | `("loadmem", j)` | the stored $a_j$ goes to the register | $a_j$ is stored |
# | `("fwd", j)` | layer $j$ turns $a_{j-1}$ in the register into $a_j$ | $a_{j-1}$ is in the register |
# | `("backward", j)` | the gradient goes back through layer $j$ | $a_j$ is in the register |
#
# **The scheme** is a simple one: for each layer from $L$ down to 1, load the nearest stored activation at or below, run forward from there to $a_j$, and go back
# through layer $j$. Nothing is kept from one layer to the next, and freed memory is not used for anything else. (Some write it with $a_{j-1}$ in the register for
# `backward`, as what a layer's weights need is its *input*. If you do, do it for all layers, and load the nearest stored activation at or below $a_{j-1}$. Both are accepted, and cost the same here. Why?)
#
# **By hand.** $L = 4$, $k = 2$; stored are $a_0, a_2, a_4$. Layer 4: load $a_4$, go back. Layer 3: load $a_2$, run layer 3, go back. Layer 2: load $a_2$, go back. Layer 1:
# load $a_0$, run layer 1, go back. Two calls of layers, four loads.
#
# **Traps.** The *first* forward pass, which stored the activations, is not counted. A stored activation costs no call, but it is still loaded.
#
# `remat.replayed(steps, L, k)` carries a schedule out, in either convention, and stops at the first step that cannot be made.
#
# **Your task** (s003-6a). The schedule, and both counts for it. (With $L = 10$ and $k = 5$ it is the exam question that this comes from.)

# %% answer="s003-6a"
def remat_counts(L: int, k: int) -> tuple[int, int]:
    """(calls of layers, loads) in one backward pass over L layers with every k-th activation stored; k divides L."""
    ### BEGIN SOLUTION
    return L * (k - 1) // 2, L
    ### END SOLUTION


def schedule(L: int, k: int) -> list[tuple[str, int]]:
    """The steps of that backward pass, each ("loadmem", j), ("fwd", j) or ("backward", j)."""
    ### BEGIN SOLUTION
    steps = []
    for layer in range(L, 0, -1):
        stored = layer // k * k
        steps.append(("loadmem", stored))
        steps += [("fwd", j) for j in range(stored + 1, layer + 1)]
        steps.append(("backward", layer))
    return steps
    ### END SOLUTION

# %% tests="s003-6a"
def public_tests_schedule():
    for L, k, forwards in ((4, 2, 2), (6, 3, 6), (3, 1, 0), (5, 5, 10), (1, 1, 0)):
        found = remat.replayed(schedule(L, k), L, k)
        assert found.order == tuple(range(L, 0, -1)), "backward from the last layer to the first: each layer once"
        assert found.forwards == forwards, f"calls of layers in your schedule: L = {L}, k = {k}"
        counts = [int(number) for number in remat_counts(L, k)]
        assert counts[0] == found.forwards, f"remat_counts, calls: those of the schedule, L = {L}, k = {k}"
        assert counts[1] == found.loads, f"remat_counts, loads: those of the schedule, L = {L}, k = {k}"


public_tests_schedule()

# %% figure="schedule"
def drawn_schedule(thirds):
    every = (1, 2, 3, 4, 6, 12)[thirds]
    return systems_pictures.schedule(schedule(12, every), remat.replayed(schedule(12, every), 12, every), every)


when_ready("schedule", lambda: explore.sliders(lambda stored: drawn_schedule(stored), {"stored": (0, 5, 1, 3)}))

# %% [markdown]
# ## 2.2 The loads
#
# **Your task** (s003-6b). Which stored activation is loaded for each layer, in the order of the backward pass? One entry for each load of your
# schedule. For $L = 4$, $k = 2$ (and $a_j$ in the register for `backward`) that is `[4, 2, 2, 0]`.

# %% answer="s003-6b"
def loads(L: int, k: int) -> list[int]:
    """Which stored activation is loaded for layers L, L - 1, ..., 1; k divides L."""
    ### BEGIN SOLUTION
    return [layer // k * k for layer in range(L, 0, -1)]
    ### END SOLUTION

# %% tests="s003-6b"
def public_tests_loads():
    for L, k in ((4, 2), (6, 3), (3, 1), (5, 5), (1, 1)):
        mine = [int(j) for j in loads(L, k)]
        assert len(mine) == L, f"a load for each layer: the input is stored too, L = {L}, k = {k}"
        assert all(j % k == 0 for j in mine), "what is loaded is stored: a multiple of k, or the input, 0"
        wanted = [step[1] for step in schedule(L, k) if step[0] == "loadmem"]
        assert mine == [int(j) for j in wanted], f"the loads are those of your schedule: L = {L}, k = {k}"


public_tests_loads()

# %% [markdown]
# ## 2.3 When is a disk just as good?
#
# **The question.** Suppose that nothing is computed again: *all* activations are on a disk, and each of the $L$ layers needs one load from it. How slow may
# a load from disk be, so that this takes as long as the scheme above? There a call of a layer takes `t_fwd` and a load from memory `t_mem`.
#
# **By hand.** $L = 4$, $k = 2$, `t_fwd` 30 ns, `t_mem` 10 ns: the scheme takes $2 \cdot 30 + 4 \cdot 10 = 100$ ns, and the disk is asked four times.
#
# **Your task** (s003-6c). That time, for any numbers. (The exam's: $L = 10$, $k = 5$, 20 ns and 10 ns.)

# %% answer="s003-6c"
def disk_time(L: int, k: int, t_fwd: float, t_mem: float) -> float:
    """The time of one load from disk at which both ways take equally long, in the unit of t_fwd and t_mem; k divides L."""
    ### BEGIN SOLUTION
    forwards, loaded = remat_counts(L, k)
    return (forwards * t_fwd + loaded * t_mem) / L
    ### END SOLUTION

# %% tests="s003-6c"
def public_tests_disk():
    assert abs(float(disk_time(4, 2, 30.0, 10.0)) - 25) < 1e-9, "four loads from disk take the 100 ns of the scheme"
    assert abs(float(disk_time(3, 1, 7.0, 2.0)) - 2) < 1e-9, "everything in memory: a disk would have to be as fast as memory"
    assert abs(float(disk_time(5, 5, 0.0, 2.0)) - 2) < 1e-9, "calls that cost nothing: the loads are left"
    assert abs(float(disk_time(4, 4, 3.0, 0.0)) - 4.5) < 1e-9, "loads that cost nothing: the calls are left"
    assert abs(float(disk_time(1, 1, 3.0, 2.0)) - 2) < 1e-9, "a single layer: its activation is stored"


public_tests_disk()

# %% [markdown]
# ## 2.4 The same with torch
#
# **Why.** Nobody writes schedules by hand. `checkpoint(f, x, use_reentrant=False)` from `torch.utils.checkpoint` gives $f(x)$, keeps $x$ and none of the activations inside of $f$, and
# runs $f$ once more in the backward pass.
#
# **What is different.** Torch computes a whole segment of $k$ layers again *once*, keeps its $k$ activations while it goes back through it, and then lets them go. So it
# needs memory for $k$ more activations, and far fewer calls. How many of each layer, forward pass and backward pass together?
#
# **A trap.** `for` loops and closures: a `lambda` in a loop sees the loop's variable as it is when the lambda is *called*, and here it is called again in the
# backward pass, when the loop is long over.
#
# **Your task** (s003-6a, with torch). Run a list of layers one after the other, each segment of `k` of them under `checkpoint`.

# %% answer="s003-6a-torch"
def run_checkpointed(layers, x: Tensor, k: int) -> Tensor:
    """layers[-1](...layers[0](x)), where of every k layers in a row only the input is kept for the backward pass.

    layers: a ModuleList of L modules, each (n, d) -> (n, d); k divides L
    """
    ### BEGIN SOLUTION
    for begin in range(0, len(layers), k):
        x = checkpoint(nn.Sequential(*layers[begin : begin + k]), x, use_reentrant=False)
    return x
    ### END SOLUTION

# %% tests="s003-6a-torch"
def public_tests_checkpointed():
    for L, k in ((4, 2), (6, 3), (3, 1), (2, 2), (1, 1)):
        stack, plain = remat.Stack(L, 5, seed=L), remat.Stack(L, 5, seed=L)
        x = torch.randn(3 if L > 1 else 1, 5, dtype=torch.float64, requires_grad=True)
        out = run_checkpointed(stack.layers, x, k)
        assert torch.allclose(out, plain.plain(x)), f"the output is that of the plain layers: L = {L}, k = {k}"
        assert stack.calls == list(range(1, L + 1)), "the forward pass: each layer once, in order"
        stack.calls.clear()
        (slope,) = torch.autograd.grad((out**2).sum(), x)
        (right,) = torch.autograd.grad((plain.plain(x) ** 2).sum(), x)
        assert torch.allclose(slope, right), f"the gradient is that of the plain layers: L = {L}, k = {k}"
        assert all(stack.calls.count(j) <= 1 for j in range(1, L + 1)), "in the backward pass a layer runs at most once more"
        assert set(range(1, L - k + 1)) <= set(stack.calls), "in the backward pass the segments are computed again"


public_tests_checkpointed()

# %% figure="trade"
def trade():
    rows = {"this part's scheme": [], "torch's checkpoint": []}
    for k in (1, 2, 3, 4, 6, 12, 24):
        found = remat.replayed(schedule(24, k), 24, k)
        rows["this part's scheme"].append((k, found.forwards, found.peak))
        stack = remat.Stack(24, 8)
        x = torch.ones(2, 8, dtype=torch.float64, requires_grad=True)
        out = run_checkpointed(stack.layers, x, k)
        stack.calls.clear()
        torch.autograd.grad(out.sum(), x)
        rows["torch's checkpoint"].append((k, len(stack.calls), 24 // k + 1 + k))
    for name, row in rows.items():
        print(f"{name}: " + ", ".join(f"k = {k}: {calls} calls, {peak} held" for k, calls, peak in row))
    return systems_pictures.trade(rows, 24)


when_ready("schedule or run_checkpointed", trade)

# %% [markdown]
# 24 layers. Calls are counted by hooks on the layers and by the replay; what is held is in units of one activation (for torch: the inputs of the segments, and the
# $k$ activations of the segment at work). Torch's curve has a lowest point near $k = \sqrt{24}$, where segments and what lies inside of one are about as many: with
# 11 activations instead of 26, each layer runs one more time. That is where "memory of order $\sqrt L$ for one more forward pass" comes from
# ([Chen et al. 2016](https://arxiv.org/abs/1604.06174)).
