"""
item: s001-2.2.1
cell: s001-2_2_1
why: an empty tensor filled in three pieces
"""

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
