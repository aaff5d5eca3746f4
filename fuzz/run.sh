#!/usr/bin/env bash
# fuzz/run.sh MINUTES [TARGET…]: fuzzes all targets in turn, MINUTES in all, at low priority. Prints what each one did, and
# fails when one found an input that breaks something; the input is then in fuzz/artifacts.
#
# Needs cargo-fuzz (cargo install --locked cargo-fuzz). A stable toolchain will do: the one unstable flag, the coverage that
# guides the fuzzer, is let through by RUSTC_BOOTSTRAP, and no sanitizer is wanted where there is no unsafe code.
set -euo pipefail
cd "$(dirname "$0")"
minutes=${1:?fuzz/run.sh MINUTES [TARGET…]}
shift
export RUSTC_BOOTSTRAP=1 CARGO_TERM_COLOR=never

mapfile -t targets < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else cargo fuzz list --fuzz-dir .; fi)
python3 seeds.py
nice cargo fuzz build --fuzz-dir . --sanitizer none
seconds=$((minutes * 60 / ${#targets[@]}))
broken=0
printf '%-22s %8s %12s %9s %9s  %s\n' target seconds executions 'per sec.' covered result
for target in "${targets[@]}"; do
    log=corpus/$target.log
    result=fine
    nice cargo fuzz run --fuzz-dir . --sanitizer none "$target" -- -max_total_time=$seconds -max_len=2048 -timeout=60 \
        -rss_limit_mb=2048 -print_final_stats=1 -close_fd_mask=1 -dict=corpus/words.dict > "$log" 2>&1 ||
        { result="BROKEN: $(grep -m1 -oE 'panicked at .*|ERROR: .*' "$log" || echo "see fuzz/$log")"; broken=1; }
    stat() { { grep "stat::$1:" "$log" || echo 0; } | tail -1 | grep -oE '[0-9]+$'; }
    covered=$({ grep -oE 'cov: [0-9]+' "$log" || echo 0; } | tail -1 | grep -oE '[0-9]+$')
    printf '%-22s %8d %12d %9d %9d  %s\n' "$target" "$seconds" "$(stat number_of_executed_units)" \
        "$(stat average_exec_per_sec)" "$covered" "$result"
done
exit $broken
