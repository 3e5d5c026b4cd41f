"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, later_tokens_leave_earlier_logits_alone,
  attention_of_each_layer_comes_back
misconception: forbidden weights are set to zero at the end
explain: You mask after softmax. The forbidden scores have then already taken their share: rows sum to less than 1,
  and the future shows in how much is missing.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            head = attention.head
            q, k, v = nn.functional.linear(x, head.in_proj_weight, head.in_proj_bias).chunk(3, dim=-1)
            scores = q @ k.mT / q.shape[-1] ** 0.5
            weights = scores.softmax(dim=-1) * allowed
            x = x + head.out_proj(weights @ v)
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
