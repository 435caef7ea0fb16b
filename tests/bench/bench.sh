#!/usr/bin/env bash
# Time and bytes beside bare limits and beside others, all taken in this run: `make bench`, or with other sizes
#
#     N=20000 RUNS=1 tests/bench/bench.sh
#
# N        entries of the tally that a fresh home takes; commits that git fetches
# RUNS     of the fresh home and of git fetch, one after the other; their median counts
# FOSSIL   check-ins that fossil rebuilds (it takes long to make them); its time is scaled to N
# WHERE    folder for the homes: on the disk that is to be measured
#
# The seconds of a busy machine mean little; the ratios of one run mean more. The load is printed with them.
set -euo pipefail
cd "$(dirname "$0")/../.."

N=${N:-100000}
RUNS=${RUNS:-3}
FOSSIL=${FOSSIL:-10000}
BUILD=${BUILD:-build/release}
WHERE=${WHERE:-$BUILD/bench-homes}

bench=$BUILD/bench
work=$WHERE/$$
mkdir -p "$work"
work=$(cd "$work" && pwd)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null USER=bench

declare -A got # figures by name
measure() { # measure PREFIX PART...: runs a part, keeps what it says under PREFIX
	local prefix=$1 name value lines
	shift
	lines=$("$bench" "$@")
	while read -r name value; do
		got[$prefix$name]=$value
	done <<<"$lines"
}
compute() { awk "BEGIN { printf \"%.6g\", $1 }"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
seconds() { # seconds COMMAND...: how long it takes
	local start end
	start=$(date +%s.%N)
	"$@" >/dev/null 2>&1
	end=$(date +%s.%N)
	compute "$end - $start"
}
row() { # row WHAT OURS LIMIT RATIO GOAL MET
	printf '| %-62s | %14s | %24s | %8s | %10s | %-3s |\n' "$@"
}
met() { awk "BEGIN { print ($1) ? \"yes\" : \"no\" }"; }
fixed() { awk -v v="$1" -v d="${2:-2}" 'BEGIN { printf "%.*f", d, v }'; }

echo "# $(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg) at the start," \
	"$N entries, homes on $(stat -f -c %T "$work")"

# --- the tally, and the same entries as commits ---------------------------------------------------------------------------
mkdir "$work/support" "$work/toy" "$work/silent"
measure '' make "$work/support" "$N"
measure toy_ make "$work/toy" "$N" toy
count=${got[make_entries]}
"$bench" git "$work/support" >"$work/stream"
git init -q --bare "$work/from.git"
git -C "$work/from.git" fast-import --quiet <"$work/stream"

# --- a fresh home, and git fetch; signatures alone between them ------------------------------------------------------------
git_fetch() {
	rm -rf "$work/to.git"
	git init -q --bare "$work/to.git"
	got[git_s]=$(seconds git -C "$work/to.git" fetch -q "file://$work/from.git" main:main)
	[ "$(git -C "$work/to.git" rev-list --count main)" -eq "$(grep -c '^commit ' "$work/stream")" ]
}
for run in $(seq "$RUNS"); do
	rm -rf "$work/support/b" "$work/toy/b"
	measure '' fill "$work/support"
	measure '' verify "$work/support"
	measure toy_ fill "$work/toy" toy
	measure toy_ verify "$work/toy" toy
	git_fetch
	echo "${got[fill_s]}" >>"$work/fill"
	echo "${got[git_s]}" >>"$work/git"
	compute "${got[fill_entries]} / ${got[verify_rate_both]} / ${got[fill_s]}" >>"$work/share"
	compute "${got[toy_fill_entries]} / ${got[toy_verify_rate_both]} / ${got[toy_fill_s]}" >>"$work/toy_share"
	echo >>"$work/share"
	echo >>"$work/toy_share"
	echo "# run $run: fresh home ${got[fill_s]} s (${got[fill_cpu_s]} s of processor, ${got[fill_storing_cpu_s]} s of it beside" \
		"the signatures), git fetch ${got[git_s]} s, $(fixed "${got[verify_rate]}" 0) signatures/s on one core," \
		"$(fixed "${got[verify_rate_both]}" 0) on both"
done
for name in fill git share toy_share; do
	got[$name]=$(median <"$work/$name")
done

# --- the rest -------------------------------------------------------------------------------------------------------------
measure '' silence "$work/silent"
measure '' meet "$work/support"
measure '' rebuild "$work/support"
measure '' append "$work/support"
if command -v fossil >/dev/null; then
	awk -v most="$FOSSIL" '/^commit / && ++n > most { exit } { print }' "$work/stream" >"$work/some"
	fossil import --git "$work/f.fossil" <"$work/some" >/dev/null 2>&1
	got[fossil_count]=$(grep -c '^commit ' "$work/some")
	got[fossil_s]=$(seconds fossil rebuild "$work/f.fossil")
fi

# --- the table ------------------------------------------------------------------------------------------------------------
row what ours 'limit or peer' ratio goal met
row --- --- --- --- --- ---
ratio=$(fixed "$(compute "${got[fill]} / ${got[git]}")")
row "fresh home, $count entries, checked and folded; git fetch" "$(fixed "${got[fill]}") s" "$(fixed "${got[git]}") s" \
	"$ratio" '<= 1.5' "$(met "$ratio <= 1.5")"
limit=$(compute "${got[fill_entries]} / ${got[verify_rate_both]}")
row 'share of that which is bare checking of signatures' "$(fixed "${got[fill]}") s" "$(fixed "$limit") s" \
	"$(fixed "${got[share]}")" '>= 0.60' "$(met "${got[share]} >= 0.60")"
limit=$(compute "${got[toy_fill_entries]} / ${got[toy_verify_rate_both]}")
row 'the same with the toy domain' "$(fixed "${got[toy_fill_s]}") s" "$(fixed "$limit") s" "$(fixed "${got[toy_share]}")" \
	'>= 0.75' "$(met "${got[toy_share]} >= 0.75")"
each=$(fixed "$(compute "${got[fill_bytes]} / ${got[fill_entries]}")" 1)
row 'bytes an entry on the wire in bulk, signature included' "$each" '116' "$(fixed "$(compute "$each / 116")")" '<= 116' \
	"$(met "$each <= 116")"
if [ -n "${got[receipts]:-}" ]; then
	row "one receipt alone (mean of ${got[receipts]}; longest ${got[receipt_longest]}), header included" \
		"$(fixed "${got[receipt_bytes]}" 0)" '170' "$(fixed "$(compute "${got[receipt_bytes]} / 170")")" '<= 170' \
		"$(met "${got[receipt_longest]} <= 170")"
fi
row "100 new entries each way on $count: bytes" "${got[meet_bytes]}" '25000' \
	"$(fixed "$(compute "${got[meet_bytes]} / 25000")")" '<= 25 kB' "$(met "${got[meet_bytes]} <= 25000")"
row '   and round trips, where the channel proves the keys' "${got[meet_round_trips]}" '1' "${got[meet_round_trips]}" '1' \
	"$(met "${got[meet_round_trips]} <= 1")"
row "nothing new, ${got[silence_logs]} logs: bytes both ways, proofs included" "${got[silence_bytes]}" '300' \
	"$(fixed "$(compute "${got[silence_bytes]} / 300")")" '<= 300' "$(met "${got[silence_bytes]} <= 300")"
ratio=$(fixed "$(compute "${got[append_rate]} / ${got[append_bare_rate]}")")
row 'durable append, judged, signed, folded; bare SQLite commit' "$(fixed "${got[append_rate]}" 0)/s" \
	"$(fixed "${got[append_bare_rate]}" 0)/s" "$ratio" '>= 0.4' "$(met "$ratio >= 0.4")"
ratio=$(fixed "$(compute "${got[append_group_rate]} / ${got[append_rate]}")")
row '16 desks, one commit for all *; one desk, a commit each' "$(fixed "${got[append_group_rate]}" 0)/s" \
	"$(fixed "${got[append_rate]}" 0)/s" "$ratio" '>= 4' "$(met "$ratio >= 4")"
if [ -n "${got[fossil_s]:-}" ]; then
	peer=$(compute "${got[fossil_s]} * $count / ${got[fossil_count]}")
	ratio=$(fixed "$(compute "$peer / ${got[rebuild_s]}")" 1)
	row "rebuild, equal digest; fossil rebuild of ${got[fossil_count]}, scaled" "$(fixed "${got[rebuild_s]}") s" \
		"$(fixed "$peer") s" "1/$ratio" '<= 1/25' "$(met "$ratio >= 25 && ${got[rebuild_equal]}")"
else
	row 'rebuild, equal digest; fossil is not installed: skipped' "$(fixed "${got[rebuild_s]}") s" '-' '-' '<= 1/25' '-'
fi
mib=$(fixed "$(compute "${got[fill_peak_kb]} / 1024")" 1)
quarter=$(fixed "$(compute "${got[fill_quarter_kb]} / 1024")" 1)
row "memory while a fresh home fills: at the end; at a quarter" "$mib MiB" "$quarter MiB" \
	"$(fixed "$(compute "$mib / $quarter")")" '<= 64, flat' "$(met "$mib <= 64 && $mib <= 1.1 * $quarter")"
echo "# * no queue of writers exists yet: one program enters the 16 entries, each judged and folded for itself, and commits once"
echo "# load $(cut -d' ' -f1-3 /proc/loadavg) at the end; rebuilt digest equal: ${got[rebuild_equal]}"
