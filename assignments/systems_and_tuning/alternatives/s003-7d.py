# %% a_list whole=true
"""a list in another order; numpy-like calls"""
answers["s003-7d"] = [3, 1, 2]


def effective_weight(W, A, B):
    return torch.addmm(W, A, B)


def reset(A, B):
    return A * 0, B


# %% as_text whole=true
"""text; einsum; a fresh B"""
answers["s003-7d"] = "1, 2, 3"


def effective_weight(W, A, B):
    return W + torch.einsum("mr,rn->mn", A, B)


def reset(A, B):
    return A.new_zeros(A.shape), torch.randn_like(B)


# %% ones whole=true
"""strings in a set; B of ones"""
answers["s003-7d"] = {"1", "2", "3"}


def effective_weight(W, A, B):
    return torch.add(A.matmul(B), W)


def reset(A, B):
    return [torch.zeros_like(A), torch.ones_like(B)]
