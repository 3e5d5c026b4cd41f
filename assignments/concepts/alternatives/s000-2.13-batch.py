# %% by_pad_sequence
"""torch's own padding, and a mask from the lengths"""
def make_batch(sequences, pad, most):
    rows = [torch.tensor(sequence[:most]) for sequence in sequences]
    ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad)
    lengths = torch.tensor([len(row) for row in rows])
    return ids, (torch.arange(ids.shape[1]) < lengths[:, None]).long()


# %% by_numpy
"""arrays of the right size, filled row by row"""
def make_batch(sequences, pad, most):
    n = min(most, max(map(len, sequences)))
    ids, mask = np.full((len(sequences), n), pad, dtype=np.int64), np.zeros((len(sequences), n), dtype=np.int64)
    for row, sequence in enumerate(sequences):
        length = min(n, len(sequence))
        ids[row, :length], mask[row, :length] = sequence[:length], 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


# %% by_columns
"""column after column"""
def make_batch(sequences, pad, most):
    n = min(most, max(len(sequence) for sequence in sequences))
    ids = [[sequence[k] if k < len(sequence) else pad for k in range(n)] for sequence in sequences]
    mask = [[int(k < len(sequence)) for k in range(n)] for sequence in sequences]
    return torch.tensor(ids), torch.tensor(mask)
