# syntax=docker/dockerfile:1
# Two stages: the compiler stays behind, and what runs is one binary, as nobody, without a secret in it.
FROM rust:1.95-slim-bookworm AS build
# The embedded SQLite and the TLS library are C.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# What was compiled before is kept between builds, beside the image and not in it.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin deskbell \
    && install -D target/release/deskbell /out/usr/local/bin/deskbell \
    && mkdir /out/data

FROM debian:bookworm-slim
# Twilio's API is verified against the system's certificates.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/usr /usr
COPY --from=build --chown=65534:65534 /out/data /data
# nobody
USER 65534:65534
WORKDIR /data
VOLUME /data
ENV DESKBELL_DATA=/data DESKBELL_BIND=0.0.0.0:8080 DESKBELL_LOG_FORMAT=json
EXPOSE 8080
# Draining takes up to DESKBELL_DRAIN_SECONDS: `docker stop --time 930`, or stop_grace_period.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["deskbell", "check", "--live"]
ENTRYPOINT ["deskbell"]
CMD ["serve"]
