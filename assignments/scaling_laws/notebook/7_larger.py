# %% [markdown]
# # On a GPU: the forecast, put to the test
#
# In 4.2 you carried the law to $10^{15}$ FLOPs, four orders of magnitude beyond the data, and gave a band. That much is a matter of
# minutes on a GPU. With `SEQ2GRADE_PROFILE=gpu` set before you start Jupyter, three models are trained at this compute, one as large as
# our own line says and two on either side. Is the one in the middle the best? Is the best of them in *your* band?
#
# Three runs are no valley, and one thing differs from the sweep: 512 windows in an update instead of 16, for else a GPU would sit
# idle. Nobody has run it here. Nothing of it is graded or handed in (`checkpoints-gpu/`).

# %% locked="gpu-size"
from seq2kit import gpu
from seq2kit.scaling import large

LARGER = {
    "width-192": gpu.Size(
        {"width": 192}, batch=512, updates=20_323, rate=9.7e-3,
        cost=gpu.Cost(parameters=500_544, flops=4.95e10, memory=2.6e8),
    ),
    "width-320": gpu.Size(
        {"width": 320}, batch=512, updates=7673, rate=7.5e-3,
        cost=gpu.Cost(parameters=1_325_760, flops=1.309e11, memory=4.4e8),
    ),
    "width-512": gpu.Size(
        {"width": 512}, batch=512, updates=3082, rate=5.9e-3,
        cost=gpu.Cost(parameters=3_300_864, flops=3.253e11, memory=7.3e8),
    ),
}

# %% figure="gpu-run"
def the_forecast_tested():
    runs = gpu.larger(LARGER, lambda device: large.trained_all(LARGER, device))
    for name, run in (runs or {}).items():
        print(f"{name}: {LARGER[name].cost.parameters:,} parameters, loss {run.best_loss:.4f}")
    print(f"the entropy is {source.entropy():.4f}; your band for the best size: {at_1e15['low']:,.0f} to {at_1e15['high']:,.0f}")


when_ready("at_1e15", the_forecast_tested)
