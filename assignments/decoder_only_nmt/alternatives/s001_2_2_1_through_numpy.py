"""
item: s001-2.2.1
cell: s001-2_2_1
why: the two sequences are put together in numpy, from one longer sequence
"""

import numpy as np


def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    first = np.full((len(src_EOP), 1), start_token)
    everything = torch.from_numpy(np.concatenate([first, src_EOP.cpu().numpy(), tgt_EOS.cpu().numpy()], axis=1))
    inputs, targets = everything[:, :-1], everything[:, 1:]
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
