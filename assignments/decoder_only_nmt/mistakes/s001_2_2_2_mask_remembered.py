"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: a_given_mask_rules_every_layer
misconception: the mask is a setting of the model
explain: A mask that came with one call still holds in the next, which came without. None stands for the
  causal mask, at each call anew.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        if allowed is None and getattr(self, "allowed", None) is not None and len(self.allowed) == n:
            allowed = self.allowed
        self.allowed = allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
