"""The tokenizers compared: which files diptych is given, and Python's ids of a text, never cut, never padded."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path

FILES = {
    "tokenizer.json": "tokenizerJson",
    "tokenizer_config.json": "tokenizerConfig",
    "special_tokens_map.json": "specialTokensMap",
    "added_tokens.json": "addedTokens",
    "config.json": "config",
    "vocab.json": "vocab",
    "merges.txt": "merges",
    "vocab.txt": "vocabText",
    "spiece.model": "spiece",
}


@dataclass
class Kind:
    name: str
    files: dict[str, str | dict]
    ids: Callable[[str], list[int]]
    make: str = "parseTokenizer"
    options: dict = field(default_factory=dict)


def kinds(shared: Path):
    yield clip(shared)
    yield from clip_foreign(shared)
    yield open_clip_simple(shared)
    yield from bert(shared)
    yield spiece(shared)
    yield from zoo(shared)


def clip(shared: Path) -> Kind:
    from tokenizers import Tokenizer

    path = shared / "tokenizers/clip-hf/tokenizer.json"
    tokenizer = Tokenizer.from_file(str(path))
    return Kind("clip", {"tokenizerJson": str(path)}, lambda text: tokenizer.encode(text).ids)


def clip_foreign(shared: Path):
    """CLIP's vocabulary behind parts that are not CLIP's, as the library alone opens it."""
    from tokenizers import Tokenizer

    whole = json.loads((shared / "tokenizers/clip-hf/tokenizer.json").read_text(encoding="utf-8"))
    gpt2 = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    changes = {
        "cased": {"normalizer": {"type": "NFC"}},
        "gpt2": {"normalizer": {"type": "NFKC"}, "pre_tokenizer": gpt2},
        "bytes": {"normalizer": {"type": "ByteLevel"}, "pre_tokenizer": None, "post_processor": None},
    }
    for name, parts in changes.items():
        changed = {**whole, **parts}
        tokenizer = Tokenizer.from_str(json.dumps(changed))
        files = {"tokenizerJson": changed, "tokenizerConfig": {"tokenizer_class": "PreTrainedTokenizerFast"}}
        yield Kind(f"clip-{name}", files, lambda text, t=tokenizer: t.encode(text).ids)


def open_clip_simple(shared: Path) -> Kind:
    # The file by itself: the package around it wants torchvision.
    spec = find_spec("open_clip")
    loader = SourceFileLoader("open_clip_tokenizer", str(Path(spec.submodule_search_locations[0], "tokenizer.py")))
    tokenizer = loader.load_module().SimpleTokenizer()
    frame = lambda text: [tokenizer.sot_token_id, *tokenizer.encode(text), tokenizer.eot_token_id]
    options = {"literals": ["<start_of_text>", "<end_of_text>"]}
    path = shared / "tokenizers/clip-openai/bpe_simple_vocab_16e6.txt.gz"
    return Kind("open_clip", {"bpe": str(path)}, frame, "clipTokenizer", options)


def bert(shared: Path):
    from transformers import BertTokenizer

    path = shared / "tokenizers/bert/vocab.txt"
    for name, flags in {"bert": {}, "bert-cased": {"do_lower_case": False}, "bert-accents": {"strip_accents": False}}.items():
        tokenizer = BertTokenizer(vocab=vocabulary(path), **flags)
        yield Kind(name, {"vocabText": str(path), "tokenizerConfig": flags}, lambda text, t=tokenizer: t.encode(text))


def vocabulary(path: Path) -> dict[str, int]:
    return {token: i for i, token in enumerate(path.read_text(encoding="utf-8").split("\n")[:-1])}


def spiece(shared: Path) -> Kind:
    import sentencepiece

    path = shared / "oracles/tokenizers/tiny_siglip_spm/spiece.model"
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return Kind("sentencepiece", {"spiece": str(path)}, model.encode, "spiece")


def zoo(shared: Path):
    """One repository of each kind of tokenizer, as AutoTokenizer opens it."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast, Siglip2Tokenizer

    # SigLIP2 was trained on lower case, which the class in its files leaves out; the last has no class at all.
    classes = {"siglip2-hf": Siglip2Tokenizer, "siglip2-naflex": Siglip2Tokenizer}
    classes["st-xlmr-without-config"] = PreTrainedTokenizerFast
    for name in ZOO:
        folder = shared / "zoo/kinds" / name
        files = {key: str(folder / file) for file, key in FILES.items() if (folder / file).exists()}
        tokenizer = classes.get(name, AutoTokenizer).from_pretrained(folder)
        yield Kind(f"zoo/{name}", files, lambda text, t=tokenizer: t.encode(text))


ZOO = [
    "clip-hf-2021-bin",
    "clip-hf-fast-2025",
    "clip-hf-metaclip",
    "clip-hf-v5",
    "bert-legacy-bin",
    "chinese-clip",
    "siglip-hf",
    "siglip-hf-v5",
    "siglip2-hf",
    "siglip2-naflex",
    "st-bge",
    "st-minilm",
    "st-lower-case",
    "st-e5-multilingual",
    "st-xlmr-without-config",
]
