"""Whether huggingface_hub and @diptych/files read each other's caches.

Run as `python tools/fuzz/hub_cache.py`, where huggingface_hub 1.33 and the repository's packages are installed. A hub of
three files is served on this machine; each tool downloads it, the hub ends, and the other tool reads the cache offline.
"""

import hashlib
import json
import os
import subprocess
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "c0ffee".ljust(40, "0")
WEIGHTS = b"\x08\0\0\0\0\0\0\0{}      " + bytes(1000)
FILES = {"config.json": b"{}", "1_Pooling/config.json": b'{"a":1}', "model.safetensors": WEIGHTS}
ABSENT = "modules.json"


def git_sha1(body: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()


def tag(path: str) -> str:
    body = FILES[path]
    return hashlib.sha256(body).hexdigest() if path == "model.safetensors" else git_sha1(body)


def sibling(path: str) -> dict:
    told = {"rfilename": path, "size": len(FILES[path]), "blobId": git_sha1(FILES[path])}
    return told | ({"lfs": {"sha256": tag(path), "size": len(FILES[path]), "pointerSize": 1}} if len(tag(path)) == 64 else {})


class Hub(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status: int, body: bytes, **headers: str):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "X-Repo-Commit": COMMIT, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith("/api/models/org/model/revision/"):
            listing = {"id": "org/model", "sha": COMMIT, "siblings": [sibling(path) for path in FILES]}
            return self.answer(200, json.dumps(listing).encode(), Content_Type="application/json")
        if path.startswith("/api/models/org/model/tree/"):
            tree = [{"type": "file", "path": path, "size": len(FILES[path]), "oid": git_sha1(FILES[path])} for path in FILES]
            return self.answer(200, json.dumps(tree).encode(), Content_Type="application/json")
        name = path.split("/", 5)[-1]
        if name in FILES:
            return self.answer(200, FILES[name], ETag=f'"{tag(name)}"')
        return self.answer(404, b"", X_Error_Code="EntryNotFound")

    do_HEAD = do_GET


OURS = """
import { hub } from '@diptych/files/node';
const files = hub('org/model', { revision: process.argv[1] });
const sizes = {};
for (const path of JSON.parse(process.argv[2])) sizes[path] = (await files.open(path))?.size ?? null;
console.log(JSON.stringify(sizes));
"""


def run(command: list[str], cache: str, **variables: str) -> dict:
    environment = {**os.environ, "HF_HUB_CACHE": cache, "HF_HUB_DISABLE_XET": "1", **variables}
    folder = Path(__file__).parents[2] / "packages" / "files"
    told = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return json.loads(told.stdout.splitlines()[-1])


def ours(cache: str, revision: str = "main", **variables: str) -> dict:
    node = ["node", "--conditions=@diptych/source", "--import", "tsx", "--input-type=module", "-e", OURS]
    return run([*node, revision, json.dumps([*FILES, ABSENT])], cache, **variables)


THEIRS = """
import json, os, sys
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
revision, paths, local = sys.argv[1], json.loads(sys.argv[2]), os.environ.get("HF_HUB_OFFLINE") == "1"
sizes = {}
for path in paths:
    try:
        sizes[path] = os.path.getsize(hf_hub_download("org/model", path, revision=revision, local_files_only=local))
    except EntryNotFoundError:
        known = try_to_load_from_cache("org/model", path, revision=revision)
        sizes[path] = None if known is not None and not isinstance(known, str) else "unknown"
if local:
    assert len(os.listdir(snapshot_download("org/model", revision=revision, local_files_only=True))) == 3
    assert not scan_cache_dir().warnings, scan_cache_dir().warnings
print(json.dumps(sizes))
"""


def theirs(cache: str, revision: str = "main", **variables: str) -> dict:
    return run(["python3", "-c", THEIRS, revision, json.dumps([*FILES, ABSENT])], cache, **variables)


def main() -> None:
    expected = {path: len(body) for path, body in FILES.items()} | {ABSENT: None}
    for name, write, read in [("theirs, read by ours", theirs, ours), ("ours, read by theirs", ours, theirs)]:
        for revision in ["main", COMMIT, "refs/pr/1"]:
            with tempfile.TemporaryDirectory() as cache:
                hub = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
                Thread(target=hub.serve_forever, daemon=True).start()
                endpoint = f"http://127.0.0.1:{hub.server_port}"
                written = write(cache, revision, HF_ENDPOINT=endpoint)
                hub.shutdown()
                hub.server_close()
                offline = read(cache, revision, HF_HUB_OFFLINE="1")
                gone = read(cache, revision, HF_ENDPOINT=endpoint) if read is ours else offline
                assert written == offline == gone == expected, (name, revision, written, offline, gone)
        print(f"{name}: offline, and with the hub gone: as written")


main()
