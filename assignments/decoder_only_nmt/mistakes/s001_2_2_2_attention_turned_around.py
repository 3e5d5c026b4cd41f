"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: attention_of_each_layer_comes_back
misconception: columns are the ones that look
explain: Your attention maps are transposed: rows should be the positions that look, so that each row sums to 1.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights.transpose(-1, -2))
        return self.output(x), torch.stack(looked)
