"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: inputs_begin_with_the_start_token, targets_are_source_then_translation
misconception: a batch is one word
explain: Only the first word of the batch is left in your result. Every row is a word of its own.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, targets[:, :-1]), dim=1)
    return inputs[:1], targets[:1]
