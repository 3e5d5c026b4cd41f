# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # One stack for both: a decoder-only translator
#
# The translators of the last assignment have two halves: an encoder that reads and a decoder that writes. The
# large language models of today have one. They are handed a single long text, the *prompt*, and go on writing;
# a translation is then nothing but the continuation of a text that begins with the source. How much do you
# lose when you throw the encoder away? How much do you save? You will build such a model, find out what it
# cannot see, mend that with one mask, and then run a comparison that deserves the name.
#
# **What you will be able to do**
#
# - turn a pair (source, translation) into one sequence with a shift, and count only what should be counted;
# - write the forward pass of a decoder-only Transformer, and test it without training it;
# - say which part of a prompt a causal model reads with blinkers on, and take them off;
# - compare two kinds of model fairly: same words, same updates, same size, several seeds.
#
# | part | what you do | time |
# |---|---|---|
# | 1. One long sequence | inputs and targets | about 15 minutes |
# | 2. The model | the forward pass | about 25 minutes |
# | 3. Two halves, two rules | the prefix mask | about 20 minutes |
# | 4. What counts | the loss over the translation | about 20 minutes |
# | 5. Writing | greedy decoding, and measuring a translator | about 30 minutes |
# | 6. A fair comparison | nine short training runs, a table, and what follows from it | about 45 minutes |
# | 7. What it costs | counting attention scores; pros and cons | about 20 minutes |
# | 8. Writing without reading again | a KV cache | about 35 minutes |
#
# **How it is graded.** Each exercise has a cell for your answer and, below it, a cell with *public tests*.
# After you hand in, *hidden checks* call your functions with other sizes and other numbers; they look at the
# notebook after **all** cells have run from top to bottom. Points are counted per property: one slip costs the
# property that it breaks. No function may change its arguments: whoever called it still needs them. Answers in text are
# read by a person.
#
# **Trained models.** Part 6 trains nine small models, about 20 seconds each on one core, and a tenth for a picture. They are written to
# the folder `checkpoints/` beside this notebook, and loaded from there the next time. **Hand in that folder
# together with the notebook**: the grader does not train, it takes your models and measures them again, on your
# words and on words that you have never seen. With the environment variable `SEQ2GRADE_PROFILE=fast` set
# before you start Jupyter, everything trains on little data for a few epochs (into `checkpoints-fast/`), so the
# whole notebook runs in under a minute. That shows that your code works, and nothing else.

# %% figure="ready"
INSTALL = 'pip install "seq2grade-kit[notebook]"'  # once, in a terminal
try:
    import seq2kit.ready
except ImportError:
    raise ImportError(f"The course's kit is missing. Run  %{INSTALL}  in a cell, then restart the kernel.") from None
seq2kit.ready.check(INSTALL, kit="0.2", torch="2.6", numpy="1.26")

# %% locked="setup"
import torch
from torch import nn

from seq2kit import checkpoints, pictures
from seq2kit.translation import mask_pictures, table_pictures
from seq2kit.translation.piglatin import load_pairs
from seq2kit.profiles import by_profile
from seq2kit.translation.seq2seq import EncoderDecoder, LibraryAttention, LibraryCausalAttention, count_parameters
from seq2kit.training import Recipe, evaluate, fit
from seq2kit.translation.translate import Vocabulary, batches, exact_match, token_loss, translate, translate_by, translation_loss

vocabulary = Vocabulary()
words = load_pairs("small")
print(f"{len(words.train)} words to learn from, {len(words.validation)} kept back. The first three:", *words.train[:3])

# %% [markdown]
# The task is Pig Latin again: consonants at the front move to the end, then comes "ay" (`string` becomes
# `ingstray`); a word that begins with a vowel gets "way" (`apple` becomes `appleway`). Tokens are letters, the
# hyphen, and three signs:
#
# | sign | name in Python | meaning |
# |---|---|---|
# | SOS | `vocabulary.sos` | start of the sequence |
# | EOP | `vocabulary.eop` | end of the prompt: the source ends here, now translate |
# | EOS | `vocabulary.eos` | end of the translation |
#
# Throughout, $b$ is the number of words in a batch, $S$ the length of the source **with** its EOP, $T$ the
# length of the translation **with** its EOS, $V$ the number of tokens. In a batch all sources have the same
# length, so $S$ is one number and the source needs no padding.
#
# # Part 1: One long sequence
#
# **Why.** A decoder-only model does one thing: it reads tokens and says which comes next, at every position at
# once. To make it translate, put source and translation behind one another. Then "what comes after EOP?" *is*
# the question "how does the translation begin?".
#
# **The idea.** The target at a position is the token *after* the one that is read there. So input and target
# are the same sequence, one step apart, and the input begins with SOS to make up for the step:

# %% figure="picture-sequence"
mask_pictures.long_sequence([*"pig", "EOP"], [*"igpay", "EOS"])

# %% [markdown]
# **Two traps.** Feed the model the token that it should predict, and it will copy: the loss falls to zero, and
# the model is worthless. And SOS is a token like the others: an *integer*, one in *each* row. (Padding stays as it
# is in both. Leaving it out of the loss is the business of part 4.)
# A source may be nothing but EOP, a translation nothing but EOS.
#
# **Your task** (s001-2.2.1). Build inputs and targets. `cuda=True` means that both results should lie on the
# GPU; with `cuda=False` they stay where the arguments are. (On a machine without GPU, `cuda=True` is an error,
# and nobody will call it.)


# %% answer="s001-2.2.1"
def generate_tensors_for_training_decoder_nmt(src_EOP, tgt_EOS, start_token, cuda):
    """One sequence per word: what the model reads, and what it should say at each position.

    src_EOP: (b, S) int64, letters and EOP; tgt_EOS: (b, T) int64, letters, EOS (and more EOS as padding);
    start_token: int; cuda: bool, whether the results go to the GPU.
    Returns (inputs, targets), both (b, S + T) int64.
    """
    ### BEGIN SOLUTION
    start = torch.full_like(src_EOP[:, :1], start_token)
    targets = torch.cat((src_EOP, tgt_EOS), dim=1)
    inputs = torch.cat((start, targets[:, :-1]), dim=1)
    return (inputs.cuda(), targets.cuda()) if cuda else (inputs, targets)
    ### END SOLUTION


# %% tests="s001-2.2.1"
def public_tests_sequence():
    source, target = torch.tensor([[7, 8, 29], [3, 4, 29]]), torch.tensor([[8, 7, 0, 28], [4, 3, 0, 28]])
    got = generate_tensors_for_training_decoder_nmt(source.clone(), target.clone(), 27, False)
    inputs, targets = (torch.as_tensor(part) for part in got)
    assert tuple(inputs.shape) == tuple(targets.shape) == (2, 7), (
        f"source and translation together have 3 + 4 tokens; got {tuple(inputs.shape)} and {tuple(targets.shape)}"
    )
    assert inputs.dtype == targets.dtype == torch.int64, "tokens are integers: an embedding cannot look up a float"
    assert (inputs[:, 0] == 27).all(), "every row begins with the start token"
    assert inputs[0].tolist() != targets[0].tolist(), "the model must not read the token that it should predict"
    assert targets[1, -1] == 28, "the last thing to say is EOS"
    empty = generate_tensors_for_training_decoder_nmt(torch.tensor([[29]]), torch.tensor([[28]]), 0, False)
    assert [torch.as_tensor(part).tolist() for part in empty] == [[[0, 29]], [[29, 28]]], (
        "one word of no letters: the model reads the start token (0 here) and EOP, and says EOP and EOS"
    )
    print("public tests of part 1 passed")


public_tests_sequence()
