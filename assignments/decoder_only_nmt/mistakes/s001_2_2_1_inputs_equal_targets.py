"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: inputs_begin_with_the_start_token, inputs_lag_one_step_behind, shortest_words_make_sequences
misconception: what is read and what is said are the same sequence at the same place
explain: Your model reads at each position the very token that it should say there. It will learn to copy,
  and its loss will fall to zero. The inputs lag one step behind.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = targets.clone()
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
