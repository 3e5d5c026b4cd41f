# %% [markdown]
# ## What you have found, in a picture
#
# Below, your `jac_T` and your `vanishing_bound` at work, on a logarithmic axis. Solid lines are measured
# gradient norms; the dashed line of the same colour is the bound. Lines of one colour have the same
# $\gamma\,\sigma_{\max}(W)$ on both sides: 0.5, 0.9, 1.2 and 5. Below 1 the dashed line forces its solid line
# down. Above 1 it only says how fast the gradient could grow at most. What do the two red lines do, and which
# of your answers in 2.5 do they illustrate?

# %% figure="picture-depth"
from seq2kit.rnn.depth import gradient_norm_against_depth

gradient_norm_against_depth(globals().get("jac_T"), globals().get("vanishing_bound"))
