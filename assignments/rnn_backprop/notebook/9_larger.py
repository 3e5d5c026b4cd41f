# %% [markdown]
# ## 3.4 On a GPU: four hundred steps
#
# Is that all a matter of size? With `SEQ2GRADE_PROFILE=gpu` set before you start Jupyter, and a GPU, the next cells train two kinds
# of cell across 400 steps, with states sixteen times as large and ten times as many updates. Nobody has run it here. The bound of
# `orthogonal` is 1 at any size; the gate of `gru`, yours, is opened for 400 steps. Say what you expect, and why, before you look.
#
# A recurrent network cannot fill a GPU well: step $t$ has to wait for step $t - 1$, so 400 small products follow each other, and most
# of the time goes into starting them. (Nothing of this is handed in; it lies in `checkpoints-gpu/`.)

# %% locked="gpu-size"
from seq2kit import gpu

LARGER = {
    "recall-orthogonal-400": gpu.Size(
        {"kind": "orthogonal", "lag": 400, "size": 256}, batch=128, updates=1500, rate=2e-3,
        cost=gpu.Cost(parameters=203_532, flops=6.11e10, memory=1.6e8),
    ),
    "recall-gru-400": gpu.Size(
        {"kind": "gru", "lag": 400, "size": 256}, batch=128, updates=1500, rate=2e-3,
        cost=gpu.Cost(parameters=604_428, flops=1.834e11, memory=1.27e9),
    ),
}


def larger_cells(kind, lag, size):
    """Three untrained cells of this kind, the gate of the GRU opened for as many steps as the lag has."""
    own = {"step": gru_step, "keep": float(keep_bias(lag))} if kind == "gru" else {}
    return recall.Cells(kind, size=size, **own)


# %% figure="gpu-run"
def larger_run(name, device):
    """The Run of these cells: loaded where they are there, else trained on the device."""
    size = LARGER[name]

    def train(fresh):
        with gpu.placed(fresh, device):
            return recall.train(fresh, size.model["lag"], updates=size.updates, batch=size.batch, rate=size.rate)

    return checkpoints.train_or_load(name, larger_cells(**size.model), train)


def show_larger_runs():
    runs = gpu.larger(LARGER, lambda device: {name: larger_run(name, device) for name in LARGER})
    for name, run in (runs or {}).items():
        x, symbols = recall.test_episodes(LARGER[name].model["lag"])
        with torch.no_grad():
            print(f"{name}: {[round(float(share), 2) for share in share_recalled(run.model(x), symbols)]} are right")


pictures.when_ready("gru_step or share_recalled", show_larger_runs)
