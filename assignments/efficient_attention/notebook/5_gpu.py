# %% [markdown]
# ## 4.8 On a GPU: seconds, up to 64k positions
#
# **Why.** Today's libraries compute exact attention block by block, never holding the matrix: linear memory, quadratic time. Is linear
# attention faster then, and from which length on? With a GPU the next cell measures both, at 16 heads of width 64 in bfloat16, with
# 128 features. Nothing here is graded, and nobody has run it here: we had no GPU. What do you expect at 1,024 and at 65,536 positions?

# %% figure="on-a-gpu"
def on_a_gpu(lengths=(1024, 4096, 16384, 65536), width=64, count=16, m=128):
    if not torch.cuda.is_available():
        print("No GPU here, so nothing is measured.")
        return None
    found = {"softmax, block by block (SDPA)": [], f"linear attention, {m} features": []}

    def seconds(work):
        for _ in range(2):
            work()
        torch.cuda.synchronize()
        begin = time.perf_counter()
        for _ in range(5):
            work()
        torch.cuda.synchronize()
        return (time.perf_counter() - begin) / 5

    for n in lengths:
        Q, K, V = (torch.randn(1, count, n, width, device="cuda", dtype=torch.bfloat16) for _ in range(3))
        phiQ, phiK = (torch.rand(1, count, n, m, device="cuda", dtype=torch.bfloat16) for _ in range(2))
        exact, linear = found.values()
        exact.append(seconds(lambda Q=Q, K=K, V=V: torch.nn.functional.scaled_dot_product_attention(Q, K, V)))
        linear.append(seconds(lambda q=phiQ, k=phiK, v=V: q @ (k.mT @ v) / (q @ k.sum(-2, keepdim=True).mT)))
    return attention_pictures.seconds(list(lengths), found)


when_ready("the measurement", on_a_gpu)

# %% [markdown]
# **And now?** Three ideas, three verdicts. Low rank is true of many heads and false of some, and those some matter. A split softmax is
# cheap and cannot look at one place. A kernel with random features is right on average, and its variance is decided by the model and not by
# you. That is why long-context models mostly kept the exact softmax and made *it* cheap to compute, and why others train linear attention
# from the start, with features that are learned.
