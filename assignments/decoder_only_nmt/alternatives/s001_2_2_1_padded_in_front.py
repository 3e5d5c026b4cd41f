"""
item: s001-2.2.1
cell: s001-2_2_1
why: F.pad with a value puts the start token in front
"""

from torch.nn.functional import pad


def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    targets = torch.hstack([src_EOP, tgt_EOS])
    inputs = pad(targets, (1, -1), value=start_token)
    if cuda:
        return inputs.to("cuda"), targets.to("cuda")
    return [inputs, targets]
