"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: a_given_mask_rules_every_layer
misconception: the mask is causal, whatever is passed in
explain: Your model ignores the mask that it is given. The causal one is only what `None` stands for.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n)
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
