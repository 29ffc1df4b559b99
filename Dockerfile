ARG BASE=docker.io/library/python:3.13-slim

FROM ${BASE} AS builder
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ONLY_BINARY=:all: PIP_REQUIRE_VIRTUALENV=1
RUN python -m venv /opt/build && python -m venv --without-pip /opt/registry
COPY requirements.txt requirements-build.txt ./
RUN /opt/build/bin/pip install --quiet --require-hashes -r requirements-build.txt \
    && /opt/build/bin/pip --python /opt/registry/bin/python install --quiet --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE LICENSE-DATA ./
COPY migrations migrations
COPY app app
RUN /opt/build/bin/hatchling build -t wheel \
    && /opt/build/bin/pip --python /opt/registry/bin/python install --quiet --no-index --no-deps dist/*.whl

FROM ${BASE}
RUN groupadd --gid 10001 registry \
    && useradd --uid 10001 --gid registry --no-create-home --home-dir /data --shell /usr/sbin/nologin registry \
    && install -d -o registry -g registry -m 0750 /data
COPY --from=builder /opt/registry /opt/registry
ENV PATH=/opt/registry/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REGISTRY_DATABASE_URL=sqlite:////data/registry.db \
    REGISTRY_HOST=0.0.0.0 \
    REGISTRY_PORT=8000 \
    REGISTRY_LOG_FORMAT=json \
    REGISTRY_LOG_REQUESTS=true
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['REGISTRY_PORT']), timeout=3); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
# stopped while it migrates, it finishes the migration first
CMD ["sh", "-c", "trap 'exit 0' TERM; registry migrate && registry rebuild && registry load bch national && exec registry serve"]
