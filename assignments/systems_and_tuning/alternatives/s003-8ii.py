# %% any_order
"""workers in the other order, means as a matrix"""
def parameter_server(grads, send, server_id):
    arrived = [send(w, server_id, grads[w]) for w in reversed(range(len(grads)))]
    mean = np.mean(arrived, axis=0)
    back = {w: send(server_id, w, mean) for w in reversed(range(len(grads)))}
    return np.stack([back[w] for w in range(len(grads))])


# %% divided_by_the_workers
"""workers send their share, the server adds"""
def parameter_server(grads, send, server_id):
    total = sum(send(w, server_id, g / len(grads)) for w, g in enumerate(grads))
    return [send(server_id, w, total) for w in range(len(grads))]


# %% divided_at_the_end
"""the server sends the sum, workers divide"""
def parameter_server(grads, send, server_id):
    total = sum(send(w, server_id, g) for w, g in enumerate(grads))
    return [send(server_id, w, total) / len(grads) for w in range(len(grads))]
