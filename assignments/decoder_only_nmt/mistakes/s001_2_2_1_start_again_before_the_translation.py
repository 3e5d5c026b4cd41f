"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: inputs_lag_one_step_behind, shortest_words_make_sequences
misconception: the translation needs a start token of its own, as in an encoder-decoder
explain: You read a start token where EOP should be read. In a decoder-only model there is one sequence and
  one start; EOP is what says that the translation begins.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, src_EOP[:, :-1], start, tgt_EOS[:, :-1]), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
