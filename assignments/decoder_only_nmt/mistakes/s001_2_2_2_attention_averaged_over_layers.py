"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: attention_of_each_layer_comes_back
misconception: one map can stand for all layers
explain: You average the weights over the layers. Layers do different things; return each one's own.
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
            looked.append(weights)
        return self.output(x), torch.stack(looked).mean(dim=0, keepdim=True)
