# The grader as an image, from a clone:
#   docker build -t seq2grade .                                     for CPUs
#   docker build -t seq2grade:cuda --build-arg VARIANT=cu128 .      for NVIDIA's GPUs; run it with --gpus all
# docs/ci.md tells how it is used; `make image-steps` runs the steps below in a fresh root, without Docker.
FROM debian:bookworm-slim

# torch's builds: cpu, or one of CUDA's releases. INDEX names another place that offers them.
ARG VARIANT=cpu
ARG INDEX=https://download.pytorch.org/whl/${VARIANT}

# Submissions run side by side, so each process takes one thread.
ENV PATH=/opt/seq2grade/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1

# Debian's release fixes what is installed; a version of its own would be gone with the next point release.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends git python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*

RUN python3 -m venv /opt/seq2grade

# torch alone and first: it is by far the largest layer, and stays when only our own files change.
COPY constraints.txt /tmp/seq2grade/
RUN pip install --constraint /tmp/seq2grade/constraints.txt --extra-index-url "${INDEX}" torch

COPY pyproject.toml README.md LICENSE /tmp/seq2grade/
COPY autograder /tmp/seq2grade/autograder
COPY kit /tmp/seq2grade/kit
RUN pip install --constraint /tmp/seq2grade/constraints.txt /tmp/seq2grade/kit /tmp/seq2grade \
    && rm -rf /tmp/seq2grade \
    && chmod o-rwx /opt/seq2grade/lib/python3*/site-packages/autograder \
    && seq2grade --version

# Root, on purpose: each submission then runs as a user of its own (--sandbox container), who cannot read the grader.
WORKDIR /course
ENTRYPOINT ["seq2grade"]
