"""
item: s001-2.2.2
cell: s001-2_2_2
why: the causal mask of the longest sequence is made once, in a buffer that is not saved, and cut to size
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def __init__(self, vocab_size, hidden_size, num_layers, max_len):
        super().__init__(vocab_size, hidden_size, num_layers, max_len)
        self.register_buffer("causal", torch.ones(max_len, max_len).tril().bool(), persistent=False)

    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        mask = self.causal[:n, :n] if allowed is None else allowed
        x = torch.nn.functional.embedding(inputs, self.embedding.weight) + self.positions[torch.arange(n)]
        seen = ()
        for layer in range(len(self.attentions)):
            answer = self.attentions[layer](x, x, x, mask)
            x = x + answer[0]
            x = x + self.mlps[layer](x)
            seen += (answer[1],)
        return self.output(x), torch.stack(seen)
