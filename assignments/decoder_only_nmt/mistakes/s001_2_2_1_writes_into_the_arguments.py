"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: arguments_of_the_sequences_stay_unharmed
misconception: shifting in place is harmless
explain: You write into the tensors that you were given. The caller still needs them: the same source is
  used for the loss and in the next epoch.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((src_EOP[:, :1] * 0 + start_token, targets[:, :-1]), dim=1)
    src_EOP[:, 0] = start_token
    return inputs, targets
