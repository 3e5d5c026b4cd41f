# %% he
"""He's initialisation: variance 2 over the width, as the source has it"""
def build(n_words, max_len, d_model):
    model = TiedModel(n_words, max_len, d_model)
    for table in (model.emb_word, model.emb_pos):
        nn.init.normal_(table.weight, std=math.sqrt(2 / d_model))
    return model


# %% scaled_logits
"""as T5 does it: the embedding keeps its standard deviation of 1, and the logits are scaled instead"""
class Scaled(TiedModel):
    def logits(self, hidden):
        return super().logits(hidden) * hidden.shape[-1] ** -0.5


def build(n_words, max_len, d_model):
    return Scaled(n_words, max_len, d_model)


# %% own_class
"""a class of its own, with a bias in the head and a uniform draw of the same variance"""
class Own(nn.Module):
    def __init__(self, n_words, max_len, d_model):
        super().__init__()
        bound = math.sqrt(3 / d_model)
        self.emb_word, self.emb_pos = nn.Embedding(n_words, d_model), nn.Embedding(max_len, d_model)
        nn.init.uniform_(self.emb_word.weight, -bound, bound)
        nn.init.uniform_(self.emb_pos.weight, -bound, bound)
        self.emb_ln, self.lm_head = nn.LayerNorm(d_model), nn.Linear(d_model, n_words)
        nn.init.zeros_(self.lm_head.bias)
        self.lm_head.weight = self.emb_word.weight

    def embed_raw(self, tokens):
        return self.emb_word(tokens) + self.emb_pos.weight[: tokens.shape[-1]]

    def embed(self, tokens):
        return self.emb_ln(self.embed_raw(tokens))

    def logits(self, hidden):
        return self.lm_head(hidden)


def build(n_words, max_len, d_model):
    return Own(n_words, max_len, d_model)


# %% divided_in_place
"""divides what was drawn"""
def build(n_words, max_len, d_model):
    model = TiedModel(n_words, max_len, d_model)
    with torch.no_grad():
        for p in (model.lm_head.weight, model.emb_pos.weight):
            p /= d_model**0.5
    return model
