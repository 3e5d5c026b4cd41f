# %% saved_bytes
"""each tensor hashed by itself"""
def fingerprint(tensors):
    parts = []
    for name, tensor in sorted(tensors.items()):
        data = tensor.detach().clone(memory_format=torch.contiguous_format).numpy().tobytes()
        parts.append(f"{name}|{list(tensor.shape)}|{tensor.dtype}|{hashlib.md5(data).hexdigest()}")
    return hashlib.sha1(chr(10).join(parts).encode()).hexdigest()


# %% the_whole_text
"""no hash: all the bytes in hexadecimal"""
def fingerprint(tensors):
    return ";".join(
        f"{name!r}{tuple(tensors[name].shape)}{tensors[name].dtype}{tensors[name].detach().contiguous().numpy().tobytes().hex()}"
        for name in sorted(tensors)
    ) or "none"


# %% exact_numbers
"""numbers in full, as Python writes them"""
def fingerprint(tensors):
    rows = [(name, str(t.dtype), list(t.shape), t.detach().tolist()) for name, t in tensors.items()]
    return hashlib.blake2b(repr(sorted(rows, key=lambda row: row[0])).encode()).hexdigest()
