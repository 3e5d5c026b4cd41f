# %% block_by_block
"""each head's result times its block of WO, added up: nothing is put side by side"""
def multihead_seq(Qb, Kb, Vb, WQ, WK, WV, WO):
    d, total = Qb.shape[1], 0.0
    for i in range(len(WQ)):
        weights = Qb @ WQ[i] @ (Kb @ WK[i]).T / np.sqrt(d)
        weights = np.exp(weights - weights.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        total = total + weights @ (Vb @ WV[i]) @ WO[i * d : (i + 1) * d]
    return total


# %% a_few_queries_at_a_time
"""a block of queries needs no other query, so the whole matrix is never made"""
def multihead_seq(Qb, Kb, Vb, WQ, WK, WV, WO):
    found = []
    for wq, wk, wv in zip(WQ, WK, WV, strict=True):
        q, k, v = Qb @ wq, Kb @ wk, Vb @ wv
        rows = []
        for begin in range(0, len(q), 256):
            s = q[begin : begin + 256] @ k.T / q.shape[1] ** 0.5
            e = np.exp(s - s.max(axis=1)[:, None])
            rows.append(e @ v / e.sum(axis=1)[:, None])
        found.append(np.vstack(rows))
    return np.hstack(found) @ WO


# %% by_torch
"""torch's own attention, head by head"""
def multihead_seq(Qb, Kb, Vb, WQ, WK, WV, WO):
    Q, K, V = (torch.from_numpy(np.array(x)) for x in (Qb, Kb, Vb))
    results = []
    for i in range(len(WQ)):
        q, k, v = Q @ torch.as_tensor(WQ[i]), K @ torch.as_tensor(WK[i]), V @ torch.as_tensor(WV[i])
        results.append(torch.softmax(q @ k.T / math.sqrt(q.shape[-1]), dim=-1) @ v)
    return torch.cat(results, dim=-1) @ torch.as_tensor(WO)


# %% a_function_for_a_head
"""what a function makes is let go when it returns; the result may be a list"""
def multihead_seq(Qb, Kb, Vb, WQ, WK, WV, WO):
    def head(wq, wk, wv):
        scores = np.einsum("id,jd->ij", Qb @ wq, Kb @ wk) / np.sqrt(len(wq))
        weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        return weights @ (Vb @ wv) / np.sum(weights, axis=1, keepdims=True)

    return (np.hstack([head(*matrices) for matrices in zip(WQ, WK, WV, strict=True)]) @ WO).tolist()


# %% query_by_query
"""one query at a time holds one row of scores, and then the results of all heads are what takes most room"""
def multihead_seq(Qb, Kb, Vb, WQ, WK, WV, WO):
    heads = []
    for wq, wk, wv in zip(WQ, WK, WV, strict=True):
        k, v, rows = Kb @ wk, Vb @ wv, []
        for q in Qb @ wq:
            scores = k @ q / math.sqrt(len(q))
            e = np.exp(scores - scores.max())
            rows.append(e @ v / e.sum())
        heads.append(np.array(rows))
    return np.concatenate(heads, axis=1) @ WO
