"""
item: s001-2.2.2
cell: s001-2_2_2
why: indexing the layers, a residual written with an intermediate name, and a list of weights
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        b, n = inputs.size()
        if allowed is None:
            allowed = torch.arange(n)[:, None] >= torch.arange(n)
        places = torch.arange(n, device=inputs.device).expand(b, n)
        state = self.embedding.weight[inputs] + self.positions[places]
        maps = []
        for k in range(len(self.mlps)):
            heard, seen = self.attentions[k](state, state, state, allowed=allowed)
            middle = heard + state
            state = self.mlps[k](middle) + middle
            maps += [seen]
        return [self.output(state), maps]
