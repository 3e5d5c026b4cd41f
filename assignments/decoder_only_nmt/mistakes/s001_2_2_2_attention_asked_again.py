"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: attention_of_each_layer_comes_back
misconception: asking a layer again gives the weights it used
explain: You ask each attention a second time, after the states have changed, and return those weights. Return the
  ones that were used in the pass itself.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, _ = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(attention(x, x, x, allowed)[1])
        return self.output(x), torch.stack(looked)
