"""Folders in the format of tbs17/MathBERT and vinai/bertweet-base, made small: read as the course reads its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from seq2kit.bert import arithmetic
from seq2kit.bert import models as bert_models
from torch import Tensor
from transformers import (
    AutoModel,
    BertForPreTraining,
    BertModel,
    BertTokenizer,
    BertweetTokenizer,
    RobertaForMaskedLM,
    RobertaModel,
)

WORDS = [*arithmetic.NUMBERS, *arithmetic.SIGNS]


def math_bert(folder: Path, old: bool) -> Path:
    """A BERT with vocab.txt and both pre-training heads; `old`: pytorch_model.bin with its position_ids."""
    folder.mkdir()
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join([*marks, *WORDS]) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "model_max_length": 512}))
    config = bert_models.tiny_config(2, vocabulary=len(marks) + len(WORDS))
    model = BertForPreTraining(config)
    bert_models.generic(model, 3)
    store(folder, model, "bert", old)
    return folder


def bertweet(folder: Path, old: bool) -> Path:
    """A RoBERTa whose tokenizer is BertweetTokenizer: vocab.txt with counts, bpe.codes; marks 0 to 3, <mask> last."""
    folder.mkdir()
    pieces = sorted({letter + end for word in WORDS for letter in word for end in ("", "@@")})
    (folder / "vocab.txt").write_text("".join(f"{piece} {100 - k}\n" for k, piece in enumerate(pieces)))
    (folder / "bpe.codes").write_text("")
    config = bert_models.tiny_config(
        2, kind="roberta", vocabulary=4 + len(pieces) + 1, type_vocab_size=1, tokenizer_class="BertweetTokenizer"
    )
    config.max_position_embeddings = 60  # spelt letter by letter
    model = RobertaForMaskedLM(config)
    bert_models.generic(model, 4)
    store(folder, model, "roberta", old)
    return folder


def store(folder: Path, model: Any, kind: str, old: bool) -> None:
    """config.json and weights; the old format is a pickle that also holds what is now computed."""
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    state: dict[str, Tensor] = {key: value.clone() for key, value in model.state_dict().items()}
    if old:
        places = torch.arange(model.config.max_position_embeddings).unsqueeze(0)
        torch.save({f"{kind}.embeddings.position_ids": places, **state}, folder / "pytorch_model.bin")
    else:
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    ("make", "kind", "backbone", "tokenizer"),
    [(math_bert, "bert", BertModel, BertTokenizer), (bertweet, "roberta", RobertaModel, BertweetTokenizer)],
)
def test_a_folder_in_the_hubs_format_is_read(
    tmp_path: Path, make: Any, kind: str, backbone: type, tokenizer: type, old: bool
) -> None:
    """Weights, tokenizer and model come from the folder: its kind, its numbers, its words, all known."""
    name = str(make(tmp_path / "model", old))
    stored = bert_models.weights(name)
    by = bert_models.tokenizer(name)
    assert isinstance(by, tokenizer)
    rows = bert_models.tokenise(["four minus ten", "zero plus nineteen"], by)
    assert by.unk_token_id not in {number for row in rows for number in row}
    assert max(map(max, rows)) < bert_models.vocabulary_size(name)
    model: Any = AutoModel.from_pretrained(bert_models.folder(name))
    assert type(model) is backbone
    own = dict(model.named_parameters())
    arrived = [torch.equal(own[key], stored[f"{kind}.{key}"]) for key in own if f"{kind}.{key}" in stored]
    assert all(arrived)
    assert len(arrived) >= len(own) - 2  # a masked language model has no pooler


@pytest.mark.parametrize("old", [False, True])
def test_what_a_hub_folder_holds_stays_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool) -> None:
    """A kept model stores nothing of what its start holds, in either format: frozen weights are not rounded."""
    monkeypatch.setenv("SEQ2GRADE_HANDIN", str(tmp_path))
    name = str(math_bert(tmp_path / "model", old))
    kept = bert_models.kept("frozen", name, lambda: AutoModel.from_pretrained(name), lambda model: {})
    stored = bert_models.weights(name)
    assert all(torch.equal(value, stored[f"bert.{key}"]) for key, value in kept.model.named_parameters())


def test_where_nothing_is_stored_there_are_no_weights(tmp_path: Path) -> None:
    """A folder without weights raises FileNotFoundError."""
    with pytest.raises(FileNotFoundError, match="no stored weights"):
        bert_models.weights(str(tmp_path))
