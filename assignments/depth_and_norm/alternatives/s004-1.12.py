# %% by_gradients
"""the mean absolute slope of each example's loss"""
def head_importance(loss_fn, H):
    mask = torch.ones(H, requires_grad=True)
    losses = loss_fn(mask)
    rows = [torch.autograd.grad(loss, mask, retain_graph=True)[0].abs() for loss in losses]
    return torch.stack(rows).mean(0)


# %% by_a_jacobian
"""the same in one call"""
def head_importance(loss_fn, H):
    return torch.autograd.functional.jacobian(loss_fn, torch.ones(H, dtype=torch.float64)).abs().mean(0).numpy()


# %% one_mask_put_back
"""one mask, whose switches are put back"""
def head_importance(loss_fn, H):
    mask = torch.ones(H, dtype=torch.float64)
    base, found = float(loss_fn(mask).mean()), []
    for h in range(H):
        mask[h] = 0.0
        found.append(float(loss_fn(mask).mean()) - base)
        mask[h] = 1.0
    return found
