"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, mlp_reads_what_attention_has_written
misconception: attention and MLP work side by side on the same states
explain: Your MLP reads the states from before attention. It should work on what attention has just
  collected: the second step starts where the first one ended.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
