"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: inputs_lag_one_step_behind, shortest_words_make_sequences
misconception: the start token makes the inputs one longer
explain: Your inputs are one token longer than your targets. EOS is never read, since nothing is asked for
  after it: whoever puts a token in front must drop the last one.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, targets), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
