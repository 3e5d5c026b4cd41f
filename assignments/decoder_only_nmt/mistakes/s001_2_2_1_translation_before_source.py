"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: targets_are_source_then_translation, shortest_words_make_sequences
misconception: the order of the two halves does not matter
explain: You put the translation first. The model reads from left to right and has to know the source before
  it can translate.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((tgt_EOS, src_EOP), dim=1)
    inputs = torch.cat((start, targets[:, :-1]), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
