"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: a_given_mask_rules_every_layer
misconception: a mask that is passed in holds in addition to the causal one
explain: You apply the causal mask on top of the one that is given, so a prefix can never look ahead. What
  is passed in takes the place of the causal mask.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed & causal_mask(n)
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
