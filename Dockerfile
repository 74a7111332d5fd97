# The coach in a container: not as root, with nothing written outside of /data.
#   docker build -t huddle-coach .     and see compose.yaml, and docs/hosting.md
# Pin the base by its digest: --build-arg BASE=python:3.11-slim-bookworm@sha256:…
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}
WORKDIR /app

# Whole, and with hashes: nothing is worked out and nothing else can come in. x86_64 and aarch64.
COPY requirements-hashed.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements-hashed.txt

COPY pyproject.toml LICENSE ./
COPY bot ./bot
COPY handlers ./handlers
COPY prompts ./prompts
COPY posts ./posts
RUN python -m compileall -q bot handlers

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin coach
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
USER 10001:10001
VOLUME /data

ENV PYTHONDONTWRITEBYTECODE=1
ENV PYTHONUNBUFFERED=1
ENV COACH_DB=/data/coach.db
ENV COACH_HEALTH_PORT=8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['COACH_HEALTH_PORT'] + '/livez', timeout=4)"]
# `socket` or `http`; any other command of `python -m bot` works too, such as `doctor`.
ENTRYPOINT ["python", "-m", "bot"]
CMD ["socket"]
