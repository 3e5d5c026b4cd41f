"""
item: s001-2.2.1
cell: s001-2_2_1
why: rolling a copy by one place and overwriting the first column is the same shift
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    device = "cuda" if cuda else src_EOP.device
    targets = torch.cat([src_EOP, tgt_EOS], -1).to(device)
    inputs = targets.roll(1, dims=1)
    inputs[:, 0] = start_token
    return inputs, targets
