# %% filled_position_by_position
"""an empty tensor filled in three pieces"""
def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    b, S = src_EOP.shape
    T = tgt_EOS.size(1)
    inputs = torch.empty(b, S + T, dtype=torch.long)
    targets = torch.empty(b, S + T, dtype=torch.long)
    targets[:, :S], targets[:, S:] = src_EOP, tgt_EOS
    inputs[:, 0] = start_token
    for i in range(1, S + T):
        inputs[:, i] = targets[:, i - 1]
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)


# %% padded_in_front
"""F.pad with a value puts the start token in front"""
from torch.nn.functional import pad

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    targets = torch.hstack([src_EOP, tgt_EOS])
    inputs = pad(targets, (1, -1), value=start_token)
    if cuda:
        return inputs.to("cuda"), targets.to("cuda")
    return [inputs, targets]


# %% rolled_and_overwritten
"""rolling a copy by one place and overwriting the first column is the same shift"""
def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    device = "cuda" if cuda else src_EOP.device
    targets = torch.cat([src_EOP, tgt_EOS], -1).to(device)
    inputs = targets.roll(1, dims=1)
    inputs[:, 0] = start_token
    return inputs, targets


# %% through_numpy
"""the two sequences are put together in numpy, from one longer sequence"""
import numpy as np

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    first = np.full((len(src_EOP), 1), start_token)
    everything = torch.from_numpy(np.concatenate([first, src_EOP.cpu().numpy(), tgt_EOS.cpu().numpy()], axis=1))
    inputs, targets = everything[:, :-1], everything[:, 1:]
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)


# %% two_views_of_one_sequence
"""inputs and targets are the same numbers one place apart, so both may be views of one tensor"""
def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = src_EOP.new_full((len(src_EOP), 1), start_token)
    sequence = torch.cat((start, src_EOP, tgt_EOS), dim=-1)
    sequence = sequence.cuda() if cuda else sequence
    return sequence[:, :-1], sequence[:, 1:]
