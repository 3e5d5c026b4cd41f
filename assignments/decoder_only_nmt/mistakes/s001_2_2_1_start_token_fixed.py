"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: inputs_begin_with_the_start_token
misconception: the start token is always the one of this vocabulary
explain: You always begin with the same number. Which token starts a sequence is handed to the function as
  an argument.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.full_like(src_EOP[:, :1], 27)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, targets[:, :-1]), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
