# Two stages: the compiler stays behind, and what runs has no shell user, no compiler and no secrets.
FROM rust:1.95-slim-bookworm AS build
# The embedded SQLite and the TLS library are C.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
# The dependencies alone first, so that a change of our own code does not compile them again.
RUN mkdir -p src tests/it benches examples && echo 'fn main() {}' > src/main.rs && touch src/lib.rs tests/it/main.rs \
    && sed -i -e '/^\[\[bench\]\]/,/^$/d' -e '/^\[\[example\]\]/,/^$/d' Cargo.toml \
    && cargo build --release --locked --bin deskbell
COPY . .
RUN touch src/main.rs src/lib.rs && cargo build --release --locked --bin deskbell \
    && install -d -o 65534 -g 65534 /out/data && install target/release/deskbell /out/deskbell

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/deskbell /usr/local/bin/deskbell
COPY --from=build --chown=65534:65534 /out/data /data
# nobody
USER 65534:65534
WORKDIR /data
VOLUME /data
ENV DESKBELL_DATA=/data DESKBELL_BIND=0.0.0.0:8080 DESKBELL_LOG_FORMAT=json
EXPOSE 8080
# `serve` drains on SIGTERM: give it the time, `docker stop --time 900` or stop_grace_period.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["deskbell", "check", "--live"]
ENTRYPOINT ["deskbell"]
CMD ["serve"]
