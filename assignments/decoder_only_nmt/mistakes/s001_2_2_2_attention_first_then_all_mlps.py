"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas
misconception: first all attentions, then all MLPs
explain: You run all attentions first and all MLPs afterwards. A layer is one attention *and* one MLP; the
  next attention should read what the MLP has written.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention in self.attentions:
            context, weights = attention(x, x, x, allowed)
            x = x + context
            looked.append(weights)
        for mlp in self.mlps:
            x = x + mlp(x)
        return self.output(x), torch.stack(looked)
