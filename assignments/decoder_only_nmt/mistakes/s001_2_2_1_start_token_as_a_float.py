"""
item: s001-2.2.1
cell: s001-2_2_1
caught_by: sequences_hold_integers
misconception: torch.ones makes whatever type is needed
explain: Your inputs hold floats: a tensor of ones is float unless told otherwise, and putting it in front
  turns the whole sequence into floats. Embeddings look up integers.
"""

def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    start = torch.ones(len(src_EOP), 1) * start_token
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, targets[:, :-1]), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
