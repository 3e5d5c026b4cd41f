"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: targets_are_source_then_translation
misconception: targets say what the loss should leave out
explain: You replace tokens of the targets by -100. The targets are the tokens themselves; what counts in the loss is
  decided by the loss, with `real`.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((torch.full_like(src_EOP[:, :1], start_token), targets[:, :-1]), dim=1)
    again = (tgt_EOS[:, 1:] == 28) & (tgt_EOS[:, :-1] == 28)
    targets[:, src_EOP.shape[1] + 1 :][again] = -100
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
