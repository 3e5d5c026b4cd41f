"""
item: s001-2.2.1
cell: s001-2_2_1
why: inputs and targets are the same numbers one place apart, so both may be views of one tensor
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = src_EOP.new_full((len(src_EOP), 1), start_token)
    sequence = torch.cat((start, src_EOP, tgt_EOS), dim=-1)
    sequence = sequence.cuda() if cuda else sequence
    return sequence[:, :-1], sequence[:, 1:]
