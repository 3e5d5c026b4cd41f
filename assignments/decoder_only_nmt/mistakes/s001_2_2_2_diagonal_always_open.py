"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: a_given_mask_rules_every_layer
misconception: everyone may look at himself, whatever the mask says
explain: You open the diagonal of every mask, and write that into the mask that you were given. Use it as
  it comes: the caller decides who looks at whom, and may need his mask again.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        allowed.fill_diagonal_(True)
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
