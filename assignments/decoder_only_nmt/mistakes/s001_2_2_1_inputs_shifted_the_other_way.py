"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: inputs_begin_with_the_start_token, inputs_lag_one_step_behind, shortest_words_make_sequences
misconception: the inputs are ahead of the targets
explain: You shift in the wrong direction: your model reads the token after the one that it should say. The
  target is the *next* token, so the inputs lag behind.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((targets[:, 1:], start), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
