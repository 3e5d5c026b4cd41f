"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: later_tokens_leave_earlier_logits_alone
misconception: a large negative number is as good as minus infinity
explain: You add -30 to forbidden scores. Where scores are large, a forbidden one still wins: use minus infinity, or
  the lowest float.
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
            weights = (scores - 30.0 * ~allowed).softmax(dim=-1)
            x = x + head.out_proj(weights @ v)
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
