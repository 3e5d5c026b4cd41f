# %% [markdown]
# ## On a GPU: a wider denoiser
#
# Are the samples as good as 8 by 8 pixels can be? With `SEQ2GRADE_PROFILE=gpu` set before you start Jupyter, and a GPU, the next cells train a denoiser four times as wide on eight times as many noisy digits. Nobody has run it here. Say what you
# expect of 1,500 training digits, and look at the nearest ones again: a large enough network can learn them by heart. (Nothing of this is handed in; it lies in `checkpoints-gpu/`.)

# %% locked="gpu-size"
from seq2kit import gpu

LARGER = {
    "denoiser-wide": gpu.Size(
        {"width": 1024}, batch=512, updates=9000, rate=1e-3,
        cost=gpu.Cost(parameters=2_243_648, flops=6.803e9, memory=4.86e7),
    ),
}


# %% figure="gpu-run"
def larger_run(name, device):
    """The Run of this denoiser: loaded where it is there, else trained on the device."""
    size = LARGER[name]

    def train(fresh):
        with gpu.placed(fresh, device):
            return diffusion.train(fresh, pair_sampler, updates=size.updates, batch=size.batch, rate=size.rate)

    return checkpoints.train_or_load(name, diffusion.Denoiser(**size.model), train)


def show_larger_run():
    runs = gpu.larger(LARGER, lambda device: {name: larger_run(name, device) for name in LARGER})
    for run in (runs or {}).values():
        found = generate(diffusion.as_function(run.model), diffusion.ETAS, *diffusion.start_and_noise())
        found, real = numeric.as_float64(found).numpy(), diffusion.scaled(digits.images())
        near = ((found[:, None] - real[None]) ** 2).sum(axis=-1).min(axis=1)
        print(f"squared distance to the nearest digit, median: {np.median(near):.1f}")


when_ready("pair_sampler or generate", show_larger_run)
